-- One row a brand and post, ranked within its week by reach.
-- key: brand, source, post_id
-- brand: slug of the brand
-- week: Monday of the UTC week
-- rank: 1 for the post with the widest reach of the week; ties by strength of score, then the older one first
-- source: where from
-- post_id: its id there
-- created_at: when, UTC
-- reach: likes + replies + shares at the newest observation; 0 where the source gives none
-- compound: the configured scorer's result, −1 to 1
-- rating: stars, NULL where there are none
-- themes: the themes it speaks of
-- practices: whether it speaks of data or AI practices
-- title: title
-- text: the whole text
-- url: link
CREATE OR REPLACE VIEW top_posts AS
WITH ranked AS (
    SELECT brand, week,
        row_number() OVER (PARTITION BY brand, week
            ORDER BY coalesce(likes, 0) + coalesce(replies, 0) + coalesce(shares, 0) DESC, abs(compound) DESC, created_at, source, post_id) AS rank,
        source, post_id, created_at, coalesce(likes, 0) + coalesce(replies, 0) + coalesce(shares, 0) AS reach, compound, rating, themes, practices
    FROM brand_posts_without_text
    WHERE why_not_counted IS NULL AND speaker <> 'official'
)
SELECT r.brand, r.week, r.rank, r.source, r.post_id, r.created_at, r.reach, r.compound, r.rating, r.themes, r.practices, p.title, p.text, p.url
FROM ranked AS r JOIN posts AS p ON p.source = r.source AND p.post_id = r.post_id AND p.created_at = r.created_at;
