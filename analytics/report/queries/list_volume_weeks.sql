-- Posts that count by week and source, over the time shown; a week that was not collected has no number. n counts the voices.
SELECT 'source_weekly/' || brand || '/' || week || '/' || source || '/posts' AS figure_id, brand, week, source AS scope,
    'posts' AS measure, CASE WHEN coverage <> 'none' OR posts > 0 THEN posts END::DOUBLE AS value, NULL::DOUBLE AS low,
    NULL::DOUBLE AS high, authors AS n, coverage
FROM source_weekly
WHERE brand = $brand AND week BETWEEN $since AND $week
ORDER BY source, week;
