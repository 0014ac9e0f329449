DELETE FROM post_origins AS o
WHERE EXISTS (SELECT 1 FROM found_origins AS f WHERE f.source = o.source AND f.post_id = o.post_id);
