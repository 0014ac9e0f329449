-- A keyed mark for each post that is gone. $key: the key of post marks; the same hash as AuthorKeys.post_mark.
INSERT INTO tombstones
SELECT $source, marked.post_mark, $moment::TIMESTAMP, marked.reason
FROM (
    SELECT left(sha256($key || sha256($key || $source || chr(0) || post_id)), 32) AS post_mark, reason FROM gone_posts
) AS marked
ANTI JOIN tombstones AS t ON t.source = $source AND t.post_mark = marked.post_mark;
