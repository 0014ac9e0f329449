-- Who voices and who denies each claim in the weeks from $first to $after: one vote an author and week.
MERGE INTO claim_weeks
USING (
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
    SELECT $brand AS brand, w.week, c.claim, c.claim_hash, coalesce(s.authors, 0) AS authors, coalesce(s.posts, 0) AS posts,
        coalesce(s.denying_authors, 0) AS denying_authors, coalesce(s.denying_posts, 0) AS denying_posts,
        coalesce(s.practices_authors, 0) AS practices_authors, coalesce(e.authors_all, 0) AS authors_all,
        coalesce(e.practices_authors_all, 0) AS practices_authors_all, w.numbers_run
    FROM claim_weeks_to_count AS w
    JOIN claims AS c ON c.brand = $brand
    LEFT JOIN everybody AS e ON e.week = w.week
    LEFT JOIN said AS s ON s.week = w.week AND s.claim = c.claim
    WHERE w.week >= $first AND w.week < $after
) AS given
USING (brand, week, claim)
WHEN MATCHED THEN UPDATE SET claim_hash = given.claim_hash, authors = given.authors, posts = given.posts,
    denying_authors = given.denying_authors, denying_posts = given.denying_posts,
    practices_authors = given.practices_authors, authors_all = given.authors_all,
    practices_authors_all = given.practices_authors_all, numbers_run = given.numbers_run
WHEN NOT MATCHED THEN INSERT BY NAME;
