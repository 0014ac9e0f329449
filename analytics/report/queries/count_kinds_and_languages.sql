-- Posts stored over the time shown by source and kind, and by the language of their words. n counts all of them.
WITH stored AS (
    SELECT source, kind, coalesce(language, 'unread') AS language, sum(posts) AS posts FROM stored_weekly
    WHERE brand = $brand AND week BETWEEN $since AND $week GROUP BY ALL
),
counted AS (
    SELECT 'kinds' AS what, source || '/' || kind AS scope, source, kind AS name, sum(posts)::BIGINT AS posts FROM stored GROUP BY source, kind
    UNION ALL
    SELECT 'languages', language, NULL, language, sum(posts)::BIGINT FROM stored GROUP BY language
)
SELECT 'stored/' || $brand || '/' || $week || '/' || what || '/' || scope AS figure_id, $brand AS brand, $week AS week, scope,
    what AS measure, posts::DOUBLE AS value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, sum(posts) OVER (PARTITION BY what)::BIGINT AS n,
    source, name
FROM counted
ORDER BY what, posts DESC, scope;
