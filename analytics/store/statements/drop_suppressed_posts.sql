-- Who asked to be forgotten does not come back. $key: the key of author marks; the same hash as AuthorKeys.author_mark.
DELETE FROM new_posts WHERE EXISTS (
    SELECT 1 FROM suppressed_authors AS a
    WHERE a.source = new_posts.source AND a.author_mark = left(sha256($key || sha256($key || new_posts.author_key)), 32));
