-- How far the last weeks looked at are from those before the newest event, one row a number; the interval is one of 90 %. n counts author-weeks.
WITH looked AS (
    SELECT r.* FROM effect_recovery AS r
    JOIN brands AS b ON b.brand = r.brand AND b.scorer = r.scorer
    WHERE r.brand = $brand AND r.event_id = $event_id
),
numbers AS (
    SELECT *, 'gap' AS number, gap AS value, low AS ends_low, high AS ends_high FROM looked
    UNION ALL
    SELECT *, 'margin', margin, NULL, NULL FROM looked
    UNION ALL
    SELECT *, 'smallest_margin', smallest_margin, NULL, NULL FROM looked
)
SELECT 'effect_recovery/' || brand || '/' || event_id || '/' || measure || '/' || number AS figure_id, brand, NULL::DATE AS week,
    'event:' || event_id AS scope, measure || '_recovery_' || number AS figure_measure, value, ends_low AS low, ends_high AS high,
    authors AS n, measure, number, state, recovered_on, looked_until
FROM numbers
ORDER BY figure_id;
