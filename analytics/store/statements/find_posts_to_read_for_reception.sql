-- The brand's posts of the 28 days from each of its responses, which lie between $first and $last, that were not read by these
-- rules yet, with what is read of them.
WITH unread AS (
    SELECT source, post_id, created_at FROM brand_posts_without_text AS p
    ANTI JOIN (
        SELECT source, post_id FROM post_reception WHERE brand = $brand AND rules_hash = $rules_hash
    ) AS k USING (source, post_id)
    WHERE p.brand = $brand AND p.created_at >= $first::DATE AND p.created_at < $last::DATE + INTERVAL 28 DAY AND EXISTS (
        SELECT 1 FROM policy_events AS e
        WHERE e.brand = $brand AND p.created_at >= e.responded AND p.created_at < e.responded + INTERVAL 28 DAY
    )
)
SELECT p.source, p.post_id, left(concat_ws(chr(10), p.title, p.text), 20000) AS searched
FROM posts AS p JOIN unread AS u ON u.source = p.source AND u.post_id = p.post_id AND u.created_at = p.created_at
ORDER BY p.source, p.post_id;
