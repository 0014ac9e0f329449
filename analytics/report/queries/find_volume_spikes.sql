-- Weeks with far more posts of a source than usual, and what carried them: threads, copied texts, posts on practices.
-- Far more: half as many again as the median of up to 52 weeks before (eight at least), at least 20 posts, and beyond five times
-- their spread (the median absolute deviation × 1.4826, or what chance alone gives, the root of the median, where that is more).
-- Sources whose counts say nothing about how much people post are left out. Of the row usual n counts weeks, of the others posts.
WITH weeks AS (
    SELECT week, source, posts FROM source_weekly
    WHERE brand = $brand AND week BETWEEN $since::DATE - INTERVAL 364 DAY AND $week AND volume_comparable AND (coverage <> 'none' OR posts > 0)
),
against_usual AS (
    SELECT w.week, w.source, w.posts, median(p.posts) AS usual, mad(p.posts) AS spread, count(*) AS weeks
    FROM weeks AS w JOIN weeks AS p ON p.source = w.source AND p.week < w.week AND p.week >= w.week - INTERVAL 364 DAY
    WHERE w.week >= $since
    GROUP BY w.week, w.source, w.posts
),
spikes AS (
    SELECT * FROM against_usual
    WHERE weeks >= 8 AND posts >= 20 AND posts >= 1.5 * usual AND posts > usual + 5 * greatest(1.4826 * spread, sqrt(usual))
    QUALIFY row_number() OVER (ORDER BY posts - usual DESC, week DESC, source) <= 6
),
posts_of AS MATERIALIZED (
    SELECT b.*, s.posts AS posts_all
    FROM brand_posts_without_text AS b JOIN spikes AS s ON s.week = b.week AND s.source = b.source
    WHERE b.brand = $brand AND b.why_not_counted IS NULL
),
together AS (
    SELECT 'thread' AS kind, week, source, posts_all, thread_id AS key, count(*) AS posts FROM posts_of WHERE thread_id IS NOT NULL GROUP BY ALL
    UNION ALL
    SELECT 'copies', week, source, posts_all, copy_group::VARCHAR, count(*) FROM posts_of WHERE copy_group IS NOT NULL GROUP BY ALL
),
largest AS (
    SELECT *, row_number() OVER (PARTITION BY week, source, kind ORDER BY posts DESC, key) AS place FROM together
    WHERE posts >= 3 AND posts >= 0.05 * posts_all
    QUALIFY place <= 2
),
carried AS (
    -- Texts are read of these only.
    SELECT l.kind, l.week, l.source, l.key, b.*
    FROM largest AS l
    JOIN (SELECT * EXCLUDE (week, source), week AS of_week, source AS of_source FROM posts_of WHERE speaker <> 'official') AS b
        ON b.of_week = l.week AND b.of_source = l.source AND CASE l.kind WHEN 'thread' THEN b.thread_id ELSE b.copy_group::VARCHAR END = l.key
),
firsts AS (
    SELECT c.kind, c.week, c.source, c.key,
        arg_min({'post_id': c.post_id, 'day': c.day, 'title': left(p.title, 400), 'text': left(p.text, 2000), 'cut': length(p.text) > 2000,
            'url': p.url, 'reach': coalesce(c.likes, 0) + coalesce(c.replies, 0) + coalesce(c.shares, 0),
            'compound': c.compound, 'rating': c.rating, 'themes': c.themes},
            (c.kind = 'thread' AND c.post_id <> c.thread_id, c.kind = 'thread' AND p.title IS NULL, c.created_at, c.post_id)) AS post
    FROM carried AS c JOIN posts AS p ON p.source = c.source AND p.post_id = c.post_id AND p.created_at = c.created_at
    GROUP BY ALL
),
carriers AS (SELECT l.*, f.post FROM largest AS l LEFT JOIN firsts AS f USING (kind, week, source, key)),
told AS (
    SELECT week, source, 'usual' AS kind, '' AS place, usual::DOUBLE AS value, weeks AS n, posts, NULL AS post FROM spikes
    UNION ALL
    SELECT week, source, 'practices', '', 100.0 * count(*) FILTER (practices) / count(*), count(*), count(*), NULL FROM posts_of GROUP BY week, source
    UNION ALL
    SELECT week, source, kind, '_' || place, 100.0 * posts / posts_all, posts, posts, post FROM carriers
)
SELECT 'volume_spikes/' || $brand || '/' || week || '/' || source || '/' || kind || place AS figure_id, $brand AS brand, week,
    source AS scope, kind AS measure, value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, n, posts, post
FROM told
ORDER BY week DESC, source, kind, place;
