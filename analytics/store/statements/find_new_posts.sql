-- The arriving posts that the store does not have yet.
CREATE OR REPLACE TEMP TABLE new_posts AS
SELECT * FROM arriving_posts
QUALIFY row_number() OVER (PARTITION BY source, post_id ORDER BY created_at) = 1;
DELETE FROM new_posts WHERE EXISTS (SELECT 1 FROM posts AS p WHERE p.source = new_posts.source AND p.post_id = new_posts.post_id);
