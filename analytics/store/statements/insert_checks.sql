-- When posts that are still there were last looked at; only of posts that are stored.
INSERT INTO post_checks
SELECT DISTINCT p.source, p.post_id, $checked_at::TIMESTAMP
FROM posts_alive AS a JOIN posts AS p ON p.source = $source AND p.post_id = a.post_id;
