-- What a source's counts cannot say. $shared: the files whose posts are told apart by query or column.
-- constant_quota: the same number in six whole months or more: someone drew a sample of that size.
-- sparse_in_shared_file: under 5 % of the median brand's posts: silence and missing collection cannot be told apart.
WITH counted_months AS MATERIALIZED (
{months}),
whole_months AS (
    SELECT * FROM counted_months
    QUALIFY month > min(month) OVER (PARTITION BY brand, source) AND month < max(month) OVER (PARTITION BY brand, source)
),
repeated AS (
    SELECT brand, source, posts, count(*) AS months, sum(count(*)) OVER (PARTITION BY brand, source) AS all_months
    FROM whole_months WHERE posts >= 10 GROUP BY brand, source, posts
),
listened AS (
    SELECT DISTINCT brand, source FROM coverage WHERE list_contains($brands, brand) AND list_contains($shared, source)
),
volumes AS (
    SELECT l.brand, l.source, coalesce(sum(p.posts), 0) AS posts
    FROM listened AS l LEFT JOIN counted_months AS p ON p.brand = l.brand AND p.source = l.source
    GROUP BY l.brand, l.source
),
compared AS (
    SELECT *, median(posts) OVER (PARTITION BY source) AS typical, count(*) OVER (PARTITION BY source) AS brands FROM volumes
)
SELECT brand, source, 'constant_quota' AS flag,
    'exactly ' || posts || ' posts in ' || months || ' of ' || all_months || ' whole months: a sample of constant size' AS detail
FROM repeated WHERE months >= 6 AND months >= all_months / 2
UNION ALL
SELECT brand, source, 'sparse_in_shared_file',
    posts || ' posts where the median brand has ' || typical::BIGINT || ': silence and missing collection cannot be told apart'
FROM compared WHERE brands >= 2 AND posts < 0.05 * typical
ORDER BY ALL;
