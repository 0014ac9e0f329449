-- How many spoke in the week: authors, posts and sources; volume_comparable where counts say how much people post.
WITH sources AS (
    SELECT count(*) FILTER (posts > 0) AS sources,
        coalesce(bool_and(volume_comparable AND coverage = 'complete'), false) AS volume_comparable
    FROM source_weekly WHERE brand = $brand AND week = $week
),
counted AS (
    SELECT t.authors, t.posts, s.sources, s.volume_comparable
    FROM trust_weekly AS t CROSS JOIN sources AS s WHERE t.brand = $brand AND t.week = $week AND t.scope = 'all'
)
SELECT 'count_week/' || $brand || '/' || $week || '/all/' || measure AS figure_id, $brand AS brand, $week AS week,
    'all' AS scope, measure, value::DOUBLE AS value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, value AS n, volume_comparable
FROM counted UNPIVOT (value FOR measure IN (authors, posts, sources))
ORDER BY figure_id;
