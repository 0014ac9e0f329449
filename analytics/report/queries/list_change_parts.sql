-- Of what the raw change after the newest event is made, by the configured scorer; the parts add up to raw_change. n counts voices.
SELECT 'effect_parts/' || p.brand || '/' || p.event_id || '/' || p.measure || '/' || p.part AS figure_id, p.brand, NULL::DATE AS week,
    'event:' || p.event_id AS scope, p.measure || '_' || p.part AS figure_measure, p.change AS value, p.low, p.high, p.voices AS n,
    p.measure, p.part, p.answered, p.reason
FROM effect_parts AS p
JOIN brands AS b ON b.brand = p.brand AND b.scorer = p.scorer
WHERE p.brand = $brand AND p.event_id = $event_id
ORDER BY figure_id;
