-- How many of the posts that are gone are stored, and the longest time since one of them was last seen, in seconds.
SELECT count(*), date_diff('millisecond', min(greatest(p.collected_at, coalesce(c.checked_at, p.collected_at))), $moment::TIMESTAMP) / 1000.0
FROM posts AS p
SEMI JOIN gone_posts AS g ON g.post_id = p.post_id
LEFT JOIN post_checks AS c ON c.source = p.source AND c.post_id = p.post_id
WHERE p.source = $source;
