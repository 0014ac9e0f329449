-- What the store has of the arriving posts already, in one search: everything else is asked of this small table.
CREATE OR REPLACE TEMP TABLE known_posts AS
SELECT p.source, p.post_id, p.created_at FROM posts AS p SEMI JOIN arriving_posts AS a ON a.source = p.source AND a.post_id = p.post_id;
