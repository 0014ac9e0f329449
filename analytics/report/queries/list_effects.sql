-- What each event did to each measure, by the configured scorer; newest event first, declared measures before others.
SELECT 'effect/' || x.brand || '/' || x.event_id || '/' || x.measure || '/estimate' AS figure_id, x.brand, NULL::DATE AS week,
    'event:' || x.event_id AS scope, x.measure || '_estimate' AS figure_measure, x.estimate AS value, x.low, x.high,
    x.after_authors AS n, x.event_id, x.measure, x.role, x.event_date, x.as_of, x.p_value, x.smallest_p, x.placebos,
    x.placebo_estimates, x.independent_windows, x.smallest_visible, x.verdict, x.reason, x.before_mean, x.after_mean,
    x.before_authors, x.after_authors, x.before_bins, x.after_bins, x.peers, x.dates_not_separable, x.alpha,
    x.validation, x.corrected_change, x.corrected_low, x.corrected_high, x.raw_change, x.weighed,
    coalesce(d.status, '') AS declared, coalesce(d.reason, '') AS declared_reason,
    coalesce(r.state, '') AS recovery, r.margin AS recovery_margin, r.recovered_on
FROM event_effects AS x
JOIN brands AS b ON b.brand = x.brand AND b.scorer = x.scorer AND b.scorer_version = x.version
LEFT JOIN event_declarations AS d ON d.brand = x.brand AND d.event_id = x.event_id AND d.run_id = x.run_id
LEFT JOIN event_recoveries AS r ON r.brand = x.brand AND r.event_id = x.event_id AND r.measure = x.measure AND r.scorer = x.scorer
WHERE x.brand = $brand AND x.event_date < $week + INTERVAL 7 DAY
ORDER BY x.event_date DESC, x.event_id, CASE x.role WHEN 'primary' THEN 1 WHEN 'second' THEN 2 ELSE 3 END, x.measure;
