-- What people speak of: each theme's share of author-weeks in the last four weeks, usually, and in four weeks of the event.
WITH periods AS (
    SELECT 'now' AS period, $week - INTERVAL 21 DAY AS since, $week + INTERVAL 7 DAY AS until
    UNION ALL
    SELECT 'usual', $anchor - INTERVAL 364 DAY, $anchor
    UNION ALL
    SELECT 'event', $event_week::DATE, $event_week::DATE + INTERVAL 28 DAY
)
SELECT 'themes/' || $brand || '/' || $week || '/' || a.theme || '/' || p.period AS figure_id, $brand AS brand, $week AS week,
    a.theme AS scope, 'theme_share_' || p.period AS measure, 100.0 * sum(a.authors) / sum(a.authors_all) AS value,
    NULL::DOUBLE AS low, NULL::DOUBLE AS high, sum(a.authors_all)::BIGINT AS n, p.period, any_value(t.label) AS label
FROM attention_weekly AS a
JOIN brands AS b ON b.brand = a.brand
JOIN themes AS t ON t.theme = a.theme AND t.taxonomy_version = b.taxonomy_version
JOIN periods AS p ON a.week >= p.since AND a.week < p.until
WHERE a.brand = $brand AND a.week <= $week AND a.authors_all > 0
GROUP BY a.theme, p.period
ORDER BY figure_id;
