-- What is usual: medians over the 52 weeks before the anchor week, of weeks with 10 authors or more; n counts the weeks.
WITH usual_weeks AS (
    SELECT week, net_trust, authors, posts, coverage
    FROM trust_weekly
    WHERE brand = $brand AND scope = 'all' AND authors >= 10 AND coverage <> 'none'
        AND week >= $anchor - INTERVAL 364 DAY AND week < $anchor
),
medians AS (
    SELECT 'all' AS scope, 'usual_net_trust' AS measure, median(net_trust) AS value, count(*) AS n FROM usual_weeks
    UNION ALL
    SELECT a.theme, 'usual_attention', median(a.share), count(*)
    FROM usual_weeks AS u JOIN attention_weekly AS a ON a.brand = $brand AND a.week = u.week
    WHERE a.theme IN ('practices', $event_scope) GROUP BY a.theme
    UNION ALL
    SELECT 'all', 'usual_posts', median(posts), count(*) FROM usual_weeks WHERE coverage = 'complete'
    UNION ALL
    SELECT 'all', 'usual_authors', median(authors), count(*) FROM usual_weeks WHERE coverage = 'complete'
)
SELECT 'usual/' || $brand || '/' || $anchor || '/' || scope || '/' || measure AS figure_id, $brand AS brand,
    $anchor AS week, scope, measure, CASE WHEN n >= 4 THEN value::DOUBLE END AS value, NULL::DOUBLE AS low,
    NULL::DOUBLE AS high, n
FROM medians
ORDER BY figure_id;
