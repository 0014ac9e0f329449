-- The posts with the widest reach: on the event's themes in the 28 days from its notice, and in the week; a text counts once.
WITH counted AS NOT MATERIALIZED (
    SELECT *, coalesce(likes, 0) + coalesce(replies, 0) + coalesce(shares, 0) AS reach FROM brand_posts_without_text
    WHERE brand = $brand AND why_not_counted IS NULL AND speaker <> 'official'
),
chosen AS (
    SELECT 'event' AS period, * FROM counted
    WHERE created_at >= $event_date::DATE AND created_at < $event_date::DATE + INTERVAL 28 DAY
        AND created_at < $week + INTERVAL 7 DAY AND list_has_any(themes, $event_themes)
    UNION ALL
    SELECT 'week', * FROM counted WHERE week = $week
),
once AS (
    -- Only of the loudest is the text looked at, for short ones, which are in no group of copies.
    SELECT c.* FROM chosen AS c
    QUALIFY c.copy_group IS NULL OR row_number() OVER (PARTITION BY c.period, c.copy_group ORDER BY c.reach DESC, c.created_at, c.source, c.post_id) = 1
),
loudest AS (
    SELECT * FROM once
    QUALIFY row_number() OVER (PARTITION BY period ORDER BY reach DESC, abs(compound) DESC, created_at, source, post_id) <= 100
),
read AS (
    SELECT l.*, p.title, p.text, p.url
    FROM loudest AS l JOIN posts AS p ON p.source = l.source AND p.post_id = l.post_id AND p.created_at = l.created_at
    WHERE p.created_at BETWEEN $event_date::DATE AND $event_date::DATE + 28 OR p.created_at BETWEEN $week AND $week + 7
    QUALIFY row_number() OVER (PARTITION BY l.period, md5(lower(trim(p.text))) ORDER BY l.reach DESC, l.created_at, l.source, l.post_id) = 1
),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY period ORDER BY reach DESC, abs(compound) DESC, created_at, source, post_id) AS place
    FROM read
)
SELECT 'top_posts/' || $brand || '/' || $week || '/' || period || '/' || place AS figure_id, $brand AS brand, $week AS week,
    period AS scope, 'reach' AS measure, reach::DOUBLE AS value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::BIGINT AS n,
    period, source, created_at::DATE AS day, compound, rating, themes, left(title, 400) AS title, left(text, 2000) AS text,
    length(text) > 2000 AS cut, url, post_id
FROM placed
WHERE place <= 5
ORDER BY period, place;
