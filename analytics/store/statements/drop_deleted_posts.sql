-- A tombstone keeps a deleted post away. $key: the key of post marks; the same hash as AuthorKeys.post_mark.
DELETE FROM new_posts WHERE EXISTS (
    SELECT 1 FROM tombstones AS t
    WHERE t.source = new_posts.source
        AND t.post_mark = left(sha256($key || sha256($key || new_posts.source || chr(0) || new_posts.post_id)), 32));
