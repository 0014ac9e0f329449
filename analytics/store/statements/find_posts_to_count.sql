-- The posts of the weeks in {weeks} from $first to $after that count once they have a score: what brand_posts says, which a test holds.
CREATE OR REPLACE TEMP TABLE posts_to_count AS
SELECT p.source, p.post_id, p.week, p.voice
FROM (
    SELECT source, post_id, date_trunc('week', created_at)::DATE AS week, coalesce(author_key, 'post:' || source || ':' || post_id) AS voice
    FROM posts
    WHERE created_at >= $first AND created_at < $after
        AND source NOT IN (SELECT source FROM source_flags WHERE brand = $brand AND flag = 'sparse_in_shared_file')
) AS p
SEMI JOIN (
    SELECT source, post_id FROM mentions WHERE brand = $brand AND query_hash = (SELECT query_hash FROM brands WHERE brand = $brand)
) AS m ON m.source = p.source AND m.post_id = p.post_id
ANTI JOIN posts_in_another_language AS o ON o.source = p.source AND o.post_id = p.post_id
WHERE p.week IN (SELECT week FROM {weeks} WHERE brand = $brand);
