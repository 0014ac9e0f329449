-- The posts behind each week shown: the eight with the widest reach, and the four on data or AI practices with the widest
-- reach beyond those. A text counts once a week; the brand's own posts are left out.
WITH once AS (
    SELECT * FROM top_posts
    WHERE brand = $brand AND week BETWEEN $since AND $week
    QUALIFY row_number() OVER (PARTITION BY week, md5(lower(trim(text))) ORDER BY rank) = 1
),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY week ORDER BY rank) AS place FROM once
),
chosen AS (
    SELECT *, row_number() OVER (PARTITION BY week, place > 8, practices ORDER BY place) AS place_among FROM placed
    QUALIFY place <= 8 OR (practices AND place_among <= 4)
)
SELECT 'behind' AS period, source, created_at::DATE AS day, reach::DOUBLE AS value, compound, rating, themes,
    left(title, 400) AS title, left(text, 2000) AS text, length(text) > 2000 AS cut, url, post_id
FROM chosen
ORDER BY week DESC, place;
