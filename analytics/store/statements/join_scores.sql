-- What one scorer says of posts_to_count: it costs all scores that are stored.
SELECT p.source, p.post_id, p.week, p.voice, s.compound
FROM posts_to_count AS p
JOIN (
    SELECT source, post_id, compound FROM scores WHERE scorer = $scorer AND version = $version AND compound IS NOT NULL
) AS s ON s.source = p.source AND s.post_id = p.post_id
