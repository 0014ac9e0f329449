DELETE FROM copy_signatures AS c
WHERE EXISTS (SELECT 1 FROM found_signatures AS f WHERE f.source = c.source AND f.post_id = c.post_id);
