-- One row a brand, week and post behind its numbers: the eight with the widest reach, and the four on data or AI practices with the widest reach beyond those. A text counts once a week; the brand's own posts are left out.
-- key: brand, week, place
-- brand: slug of the brand
-- week: Monday of the UTC week
-- place: 1 for the post with the widest reach of the week; ties by strength of score, then the older one first. Numbers of posts that are not among these are left out
-- source: where from
-- post_id: its id there
-- created_at: when, UTC
-- reach: likes + replies + shares at the newest observation; 0 where the source gives none
-- compound: the configured scorer's result, −1 to 1
-- rating: stars, NULL where there are none
-- themes: the themes it speaks of
-- practices: whether it speaks of data or AI practices
-- title: title, its first 400 characters
-- text: the first 2,000 characters
-- cut: whether the text is longer
-- url: link
CREATE OR REPLACE VIEW posts_behind AS
WITH heard AS NOT MATERIALIZED (
    SELECT brand, week, source, post_id, created_at, coalesce(likes, 0) + coalesce(replies, 0) + coalesce(shares, 0) AS reach,
        compound, rating, themes, practices, copy_group
    FROM brand_posts_without_text /* SEMI JOIN weeks_to_choose USING (brand, week) */
    WHERE why_not_counted IS NULL AND speaker <> 'official'
),
tops AS (
    -- What a post of the week needs to be among the 200 of the widest reach: to sort all posts would take many times as long.
    SELECT brand, week, list_min(max(reach, 200)) AS least FROM heard GROUP BY brand, week
),
ranked AS (
    SELECT h.*, row_number() OVER (PARTITION BY h.brand, h.week ORDER BY h.reach DESC, abs(h.compound) DESC, h.created_at, h.source, h.post_id) AS rank
    FROM heard AS h JOIN tops AS t ON t.brand = h.brand AND t.week = h.week
    WHERE h.reach >= t.least OR h.practices
    QUALIFY rank <= 200 OR h.practices
),
once AS (
    SELECT * FROM ranked QUALIFY copy_group IS NULL OR row_number() OVER (PARTITION BY brand, week, copy_group ORDER BY rank) = 1
),
loudest AS (
    -- Only of the loudest is the text looked at, for short ones, which are in no group of copies.
    SELECT * FROM once
    QUALIFY row_number() OVER (PARTITION BY brand, week ORDER BY rank) <= 100
        OR (practices AND row_number() OVER (PARTITION BY brand, week, practices ORDER BY rank) <= 50)
),
texts_read AS (
    SELECT l.*, p.title, p.text, p.url
    FROM loudest AS l JOIN posts AS p ON p.source = l.source AND p.post_id = l.post_id AND p.created_at = l.created_at
    QUALIFY row_number() OVER (PARTITION BY l.brand, l.week, md5(lower(trim(p.text))) ORDER BY l.rank) = 1
),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY brand, week ORDER BY rank) AS place FROM texts_read
),
chosen AS (
    SELECT *, row_number() OVER (PARTITION BY brand, week, place > 8, practices ORDER BY place) AS place_among FROM placed
    QUALIFY place <= 8 OR (practices AND place_among <= 4)
)
SELECT brand, week, place, source, post_id, created_at, reach, compound, rating, themes, practices, left(title, 400) AS title,
    left(text, 2000) AS text, length(text) > 2000 AS cut, url
FROM chosen;
