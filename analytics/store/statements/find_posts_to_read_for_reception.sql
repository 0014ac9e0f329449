-- The brand's posts of the 28 days from each of its responses, which lie between $first and $last, that were not read by these rules yet, with what is read of them.
SELECT p.source, p.post_id, left(concat_ws(chr(10), p.title, p.text), 20000) AS searched
FROM (FROM posts WHERE created_at >= $first::DATE AND created_at < $last::DATE + INTERVAL 28 DAY) AS p
JOIN mentions AS m ON m.source = p.source AND m.post_id = p.post_id
JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
ANTI JOIN (
    SELECT source, post_id FROM post_reception WHERE brand = $brand AND rules_hash = $rules_hash
) AS k ON k.source = p.source AND k.post_id = p.post_id
WHERE m.brand = $brand AND EXISTS (
    SELECT 1 FROM policy_events AS e
    WHERE e.brand = $brand AND p.created_at >= e.responded AND p.created_at < e.responded + INTERVAL 28 DAY
)
ORDER BY p.source, p.post_id;
