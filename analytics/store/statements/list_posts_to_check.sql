-- Posts of the source that were not looked at since $since, longest unseen first, after ($seen, $post_id) in that order.
-- Two parts and no outer join: DuckDB 2.0.0 loses LIMIT and the condition after one with an empty table.
WITH waiting AS (
    SELECT p.post_id, p.collected_at AS seen
    FROM posts AS p ANTI JOIN post_checks AS c ON c.source = p.source AND c.post_id = p.post_id
    WHERE p.source = $source
    UNION ALL
    SELECT p.post_id, greatest(p.collected_at, c.checked_at)
    FROM posts AS p JOIN post_checks AS c ON c.source = p.source AND c.post_id = p.post_id
    WHERE p.source = $source AND c.checked_at < $since
)
SELECT post_id, seen
FROM waiting
WHERE seen > $seen OR (seen = $seen AND post_id > $post_id)
ORDER BY seen, post_id
LIMIT $most;
