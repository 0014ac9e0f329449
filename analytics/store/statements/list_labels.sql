-- The mean label (−1, 0, 1) that a post of the present draw has from all who labelled it; skipped posts have none.
SELECT source, post_id, any_value("window") AS "window", any_value(probability) AS probability,
    avg(CASE label WHEN 'negative' THEN -1 WHEN 'neutral' THEN 0 WHEN 'positive' THEN 1 END) AS label
FROM labels
WHERE brand = $brand AND event_id = $event_id AND probability IS NOT NULL AND label <> 'skipped'
GROUP BY source, post_id
ORDER BY source, post_id;
