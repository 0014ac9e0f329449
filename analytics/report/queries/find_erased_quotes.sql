-- One row where a post that is to be quoted is not stored any more.
SELECT 1
FROM (SELECT unnest($sources::VARCHAR[]) AS source, unnest($post_ids::VARCHAR[]) AS post_id) AS q
ANTI JOIN posts AS p ON p.source = q.source AND p.post_id = q.post_id
LIMIT 1;
