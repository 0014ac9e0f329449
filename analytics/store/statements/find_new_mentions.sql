-- Which arriving posts speak of the brand for the first time. {matched}: the brand's own condition.
CREATE OR REPLACE TEMP TABLE new_mentions AS
SELECT DISTINCT source, post_id, date_trunc('week', created_at)::DATE AS week
FROM (
    SELECT source, post_id, created_at, left(concat_ws(chr(10), title, text), 20000) AS searched FROM arriving_posts
) AS arrived
WHERE ({matched})
    AND EXISTS (SELECT 1 FROM posts AS p WHERE p.source = arrived.source AND p.post_id = arrived.post_id)
    AND NOT EXISTS (
        SELECT 1 FROM mentions AS m
        WHERE m.brand = $brand AND m.source = arrived.source AND m.post_id = arrived.post_id AND m.query_hash = $query_hash);
