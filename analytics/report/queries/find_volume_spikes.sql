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
posts_of AS (
    SELECT s.week, s.source, s.posts AS posts_all, b.thread_id, b.copy_group, b.practices, b.speaker, b.created_at, b.post_id,
        {'post_id': b.post_id, 'day': b.day, 'title': left(b.title, 400), 'text': left(b.text, 2000), 'cut': length(b.text) > 2000,
            'url': b.url, 'reach': coalesce(b.likes, 0) + coalesce(b.replies, 0) + coalesce(b.shares, 0),
            'compound': b.compound, 'rating': b.rating, 'themes': b.themes} AS post
    FROM brand_posts AS b JOIN spikes AS s ON s.week = b.week AND s.source = b.source
    WHERE b.brand = $brand AND b.why_not_counted IS NULL
),
together AS (
    SELECT 'thread' AS kind, week, source, posts_all, thread_id AS key, count(*) AS posts,
        arg_min(post, (post_id <> thread_id, title_missing, created_at, post_id)) FILTER (speaker <> 'official') AS post
    FROM (SELECT *, post.title IS NULL AS title_missing FROM posts_of WHERE thread_id IS NOT NULL) GROUP BY ALL
    UNION ALL
    SELECT 'copies', week, source, posts_all, copy_group::VARCHAR, count(*), arg_min(post, (created_at, post_id)) FILTER (speaker <> 'official')
    FROM posts_of WHERE copy_group IS NOT NULL GROUP BY ALL
),
carriers AS (
    SELECT *, row_number() OVER (PARTITION BY week, source, kind ORDER BY posts DESC, key) AS place FROM together
    WHERE posts >= 3 AND posts >= 0.05 * posts_all
    QUALIFY place <= 2
),
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
