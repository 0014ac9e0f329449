-- The posts behind each week shown: the eight with the widest reach, and the four on data or AI practices with the widest
-- reach beyond those. A text counts once a week; the brand's own posts are left out.
WITH tops AS (
    -- What a post of the week needs to be among the 200 of the widest reach: to sort all posts would take many times as long.
    SELECT week, list_min(max(coalesce(likes, 0) + coalesce(replies, 0) + coalesce(shares, 0), 200)) AS least FROM brand_posts_without_text
    WHERE brand = $brand AND week BETWEEN $since AND $week AND why_not_counted IS NULL AND speaker <> 'official'
    GROUP BY week
),
counted AS (
    SELECT p.*, coalesce(likes, 0) + coalesce(replies, 0) + coalesce(shares, 0) AS reach
    FROM brand_posts_without_text AS p JOIN tops AS t ON t.week = p.week
    WHERE brand = $brand AND why_not_counted IS NULL AND speaker <> 'official'
        AND (coalesce(likes, 0) + coalesce(replies, 0) + coalesce(shares, 0) >= t.least OR p.practices)
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY week ORDER BY reach DESC, abs(compound) DESC, created_at, source, post_id) AS rank FROM counted
    QUALIFY rank <= 200 OR practices
),
once AS (
    SELECT * FROM ranked QUALIFY copy_group IS NULL OR row_number() OVER (PARTITION BY week, copy_group ORDER BY rank) = 1
),
loudest AS (
    -- Only of the loudest is the text looked at, for short ones, which are in no group of copies.
    SELECT * FROM once
    QUALIFY row_number() OVER (PARTITION BY week ORDER BY rank) <= 100 OR (practices AND row_number() OVER (PARTITION BY week, practices ORDER BY rank) <= 50)
),
read AS (
    SELECT l.*, p.title, p.text, p.url
    FROM loudest AS l JOIN posts AS p ON p.source = l.source AND p.post_id = l.post_id AND p.created_at = l.created_at
    QUALIFY row_number() OVER (PARTITION BY l.week, md5(lower(trim(p.text))) ORDER BY l.rank) = 1
),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY week ORDER BY rank) AS place FROM read
),
chosen AS (
    SELECT *, row_number() OVER (PARTITION BY week, place > 8, practices ORDER BY place) AS place_among FROM placed
    QUALIFY place <= 8 OR (practices AND place_among <= 4)
)
SELECT 'behind' AS period, source, created_at::DATE AS day, reach::DOUBLE AS value, compound, rating, themes,
    left(title, 400) AS title, left(text, 2000) AS text, length(text) > 2000 AS cut, url, post_id
FROM chosen
ORDER BY week DESC, place;
