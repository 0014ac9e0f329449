-- The arriving posts that the store does not have yet, by their place among them and without their texts.
CREATE OR REPLACE TEMP TABLE new_posts AS
SELECT a.place, a.source, a.post_id, a.author_key
FROM (SELECT place, source, post_id, author_key FROM arriving_posts) AS a
ANTI JOIN known_posts AS k ON k.source = a.source AND k.post_id = a.post_id;
