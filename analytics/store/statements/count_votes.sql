-- The numbers of the weeks in posts_to_count by one scorer: one vote an author, week and scope.
-- Means are sums of decimals divided once: exact, and so the same in whatever order threads add them.
WITH scored AS ({scored}),
scoped AS (
    SELECT week, 'all' AS scope, voice, compound FROM scored
    UNION ALL
    SELECT p.week, s.scope, p.voice, p.compound
    FROM scored AS p JOIN scopes_of_posts AS s ON s.source = p.source AND s.post_id = p.post_id
),
votes AS (
    SELECT week, scope, voice, sum(compound::DECIMAL(18, 6))::DOUBLE / count(*) AS mean, count(*) AS posts FROM scoped GROUP BY week, scope, voice
)
SELECT $brand AS brand, v.week, v.scope, $scorer AS scorer, $version AS version,
    count(*) FILTER (v.mean >= 0.05) AS positive,
    count(*) FILTER (v.mean > -0.05 AND v.mean < 0.05) AS neutral,
    count(*) FILTER (v.mean <= -0.05) AS negative,
    sum(v.mean::DECIMAL(18, 9))::DOUBLE / count(*) AS mean, sum(v.posts)::BIGINT AS posts, count(*) AS authors,
    coalesce(any_value(c.coverage) = 'complete', false) AS complete
FROM votes AS v LEFT JOIN coverage_weekly AS c ON c.brand = $brand AND c.week = v.week
GROUP BY v.week, v.scope
ORDER BY v.week, v.scope;
