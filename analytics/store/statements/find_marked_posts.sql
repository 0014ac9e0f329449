-- The stored posts of the source that a mark says are gone, or by an author whom one says is forgotten. $post_key and
-- $author_key: the keys of post marks and of author marks; the same hashes as AuthorKeys.post_mark and .author_mark.
CREATE OR REPLACE TEMP TABLE gone_posts AS
SELECT p.post_id, coalesce(t.reason, 'forgotten') AS reason
FROM (
    SELECT post_id,
        left(sha256($post_key || sha256($post_key || source || chr(0) || post_id)), 32) AS post_mark,
        left(sha256($author_key || sha256($author_key || author_key)), 32) AS author_mark
    FROM posts WHERE source = $source
) AS p
LEFT JOIN (SELECT post_mark, min(reason) AS reason FROM tombstones WHERE source = $source GROUP BY post_mark) AS t
    USING (post_mark)
WHERE t.reason IS NOT NULL
    OR p.author_mark IN (SELECT author_mark FROM suppressed_authors WHERE source = $source);
