-- The same as find_posts_to_count from what was gathered, where that is all there is: the days asked for are read, and no others.
-- compound: by the scorer that was in force when posts were gathered, NULL where it gave none.
CREATE OR REPLACE TEMP TABLE posts_to_count AS
SELECT source, post_id, date_trunc('week', created_at)::DATE AS week, coalesce(author_key, 'post:' || source || ':' || post_id) AS voice,
    compound
FROM gathered_posts
WHERE brand = $brand AND created_at >= $first AND created_at < $after AND (why_not_counted IS NULL OR why_not_counted = 'not scored')
    AND date_trunc('week', created_at)::DATE IN (SELECT week FROM {weeks} WHERE brand = $brand);
