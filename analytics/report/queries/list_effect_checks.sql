-- The effect of the newest event asked again of other voices and peers, by the configured scorer. n counts author-weeks after it.
SELECT 'effect_checks/' || c.brand || '/' || c.event_id || '/' || c.measure || '/' || c.check_name AS figure_id, c.brand,
    NULL::DATE AS week, 'event:' || c.event_id AS scope, c.measure || '_' || c.check_name AS figure_measure, c.estimate AS value,
    c.low, c.high, c.after_authors AS n, c.measure, c.check_name
FROM effect_checks AS c
JOIN brands AS b ON b.brand = c.brand AND b.scorer = c.scorer
WHERE c.brand = $brand AND c.event_id = $event_id
    AND c.check_name IN ('as_measured', 'source_weights', 'without_copies_and_officials', 'without_peers_that_moved')
ORDER BY figure_id;
