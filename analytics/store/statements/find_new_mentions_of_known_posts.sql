INSERT INTO new_mentions
SELECT a.source, a.post_id, date_trunc('week', a.created_at)::DATE AS week
FROM (SELECT source, post_id, created_at FROM arriving_posts WHERE {matched}) AS a
SEMI JOIN known_posts AS k ON k.source = a.source AND k.post_id = a.post_id
ANTI JOIN (
    SELECT source, post_id FROM mentions WHERE brand = $brand AND query_hash = $query_hash
) AS m ON m.source = a.source AND m.post_id = a.post_id;
