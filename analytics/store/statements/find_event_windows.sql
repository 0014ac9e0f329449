-- The weeks that the event's effect on net trust compares, by the configured scorer.
SELECT x.event_date, x.before_bins, x.after_bins, x.as_of, e.themes, x.scorer, x.version
FROM event_effects AS x
JOIN brands AS b ON b.brand = x.brand AND b.scorer = x.scorer AND b.scorer_version = x.version
JOIN policy_events AS e ON e.brand = x.brand AND e.event_id = x.event_id
WHERE x.brand = $brand AND x.event_id = $event_id AND x.measure = 'net_trust';
