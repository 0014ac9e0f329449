-- Gathered rows of which something was read or observed since.
DELETE FROM gathered_posts AS g USING (SELECT DISTINCT source, post_id FROM changed_posts) AS c
WHERE c.source = g.source AND c.post_id = g.post_id;
