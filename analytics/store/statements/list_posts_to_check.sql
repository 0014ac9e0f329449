-- Posts of the source that were not looked at since $since, longest unseen first, after ($seen, $post_id) in that order.
SELECT post_id, seen
FROM (
    SELECT p.post_id, greatest(p.collected_at, coalesce(c.checked_at, p.collected_at)) AS seen
    FROM posts AS p LEFT JOIN post_checks AS c ON c.source = p.source AND c.post_id = p.post_id
    WHERE p.source = $source AND (c.checked_at IS NULL OR c.checked_at < $since)
) AS waiting
WHERE seen > $seen OR (seen = $seen AND post_id > $post_id)
ORDER BY seen, post_id
LIMIT $most;
