-- The stored posts of the source by an author who is to be forgotten.
CREATE OR REPLACE TEMP TABLE gone_posts AS
SELECT p.post_id, 'forgotten' AS reason
FROM posts AS p JOIN forgotten_keys AS f ON f.source = p.source AND f.author_key = p.author_key
WHERE p.source = $source;
