-- The weekly numbers of the stale weeks by one scorer: one vote an author, week and scope.
-- Means are sums of decimals divided once: exact, and so the same in whatever order threads add them.
WITH event_scopes AS (
    SELECT 'event:' || e.event_id AS scope, e.themes
    FROM policy_events AS e
    WHERE len(e.themes) > 0 AND (e.brand = $brand OR e.brand IN (SELECT brand FROM brand_peers WHERE peer = $brand))
),
read_posts AS (
    SELECT p.week, p.voice, s.compound, p.themes, p.practices
    FROM brand_posts AS p
    JOIN stale_weeks AS w ON w.brand = p.brand AND w.week = p.week
    JOIN scores AS s ON s.source = p.source AND s.post_id = p.post_id AND s.scorer = $scorer AND s.version = $version
    WHERE p.brand = $brand AND s.compound IS NOT NULL AND coalesce(p.why_not_counted, '') NOT IN ('sparse_in_shared_file', 'in another language')
),
scoped AS (
    SELECT week, voice, compound,
        unnest(['all'] || CASE WHEN practices THEN ['practices'] ELSE []::VARCHAR[] END || themes) AS scope
    FROM read_posts
    UNION ALL
    SELECT r.week, r.voice, r.compound, e.scope FROM read_posts AS r JOIN event_scopes AS e ON list_has_any(r.themes, e.themes)
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
