-- What each specification curve comes to, one row a number.
WITH curves AS (
    SELECT brand, event_id, measure, count(*)::DOUBLE AS asked, count(*) FILTER (verdict = 'fell')::DOUBLE AS fell,
        count(*) FILTER (verdict = 'rose')::DOUBLE AS rose, count(*) FILTER (verdict = 'no_change_shown')::DOUBLE AS no_change,
        min(estimate) AS lowest, max(estimate) AS highest, count(*) AS ways
    FROM specification_curve WHERE brand = $brand AND event_date < $week + INTERVAL 7 DAY GROUP BY ALL
)
SELECT 'effect/' || brand || '/' || event_id || '/' || measure || '/ways_' || name AS figure_id, brand, NULL::DATE AS week,
    'event:' || event_id AS scope, measure || '_ways_' || name AS measure, value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, ways AS n
FROM curves UNPIVOT (value FOR name IN (asked, fell, rose, no_change, lowest, highest))
ORDER BY figure_id;
