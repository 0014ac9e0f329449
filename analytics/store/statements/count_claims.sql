-- Who voices and who denies each claim in the weeks from $first to $after: one vote an author and week.
INSERT INTO claim_weeks
WITH counted AS (
    SELECT p.source, p.post_id, p.week, p.voice, s.post_id IS NOT NULL AS practices
    FROM posts_to_count AS p
    SEMI JOIN (
        SELECT source, post_id FROM scores WHERE scorer = $scorer AND version = $version AND compound IS NOT NULL
    ) AS r ON r.source = p.source AND r.post_id = p.post_id
    LEFT JOIN (SELECT source, post_id FROM scopes_of_posts WHERE scope = 'practices') AS s
        ON s.source = p.source AND s.post_id = p.post_id
),
everybody AS (
    SELECT week, count(DISTINCT voice) AS authors_all, count(DISTINCT voice) FILTER (practices) AS practices_authors_all
    FROM counted GROUP BY week
),
said AS (
    SELECT p.week, c.claim, count(DISTINCT p.voice) FILTER (NOT c.denies) AS authors, count(*) FILTER (NOT c.denies) AS posts,
        count(DISTINCT p.voice) FILTER (c.denies) AS denying_authors, count(*) FILTER (c.denies) AS denying_posts,
        count(DISTINCT p.voice) FILTER (NOT c.denies AND p.practices) AS practices_authors
    FROM counted AS p
    JOIN (SELECT source, post_id, claim, denies FROM post_claims WHERE brand = $brand) AS c
        ON c.source = p.source AND c.post_id = p.post_id
    GROUP BY p.week, c.claim
)
SELECT $brand, w.week, c.claim, c.claim_hash, coalesce(s.authors, 0), coalesce(s.posts, 0), coalesce(s.denying_authors, 0),
    coalesce(s.denying_posts, 0), coalesce(s.practices_authors, 0), coalesce(e.authors_all, 0),
    coalesce(e.practices_authors_all, 0), w.numbers_run
FROM claim_weeks_to_count AS w
JOIN claims AS c ON c.brand = $brand
LEFT JOIN everybody AS e ON e.week = w.week
LEFT JOIN said AS s ON s.week = w.week AND s.claim = c.claim
WHERE w.week >= $first AND w.week < $after
ON CONFLICT DO UPDATE SET claim_hash = excluded.claim_hash, authors = excluded.authors, posts = excluded.posts,
    denying_authors = excluded.denying_authors, denying_posts = excluded.denying_posts,
    practices_authors = excluded.practices_authors, authors_all = excluded.authors_all,
    practices_authors_all = excluded.practices_authors_all, numbers_run = excluded.numbers_run;
