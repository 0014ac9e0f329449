-- Of the posts that speak the way the week went, below its usual or above it, those with the widest reach; a text counts once.
WITH heard AS (
    SELECT *, coalesce(likes, 0) + coalesce(replies, 0) + coalesce(shares, 0) AS reach FROM brand_posts_without_text
    WHERE brand = $brand AND week = $week AND why_not_counted IS NULL AND speaker <> 'official'
        AND CASE WHEN $went = 'below' THEN compound <= -0.05 ELSE compound >= 0.05 END
    QUALIFY copy_group IS NULL OR row_number() OVER (PARTITION BY copy_group ORDER BY reach DESC, created_at, source, post_id) = 1
),
widest AS (
    SELECT * FROM heard QUALIFY row_number() OVER (ORDER BY reach DESC, abs(compound) DESC, created_at, source, post_id) <= 20
),
read AS (
    SELECT w.*, p.title, p.text, p.url
    FROM widest AS w JOIN posts AS p ON p.source = w.source AND p.post_id = w.post_id AND p.created_at = w.created_at
    QUALIFY row_number() OVER (PARTITION BY md5(lower(trim(p.text))) ORDER BY w.reach DESC, w.created_at, w.source, w.post_id) = 1
),
placed AS (SELECT *, row_number() OVER (ORDER BY reach DESC, abs(compound) DESC, created_at, source, post_id) AS place FROM read)
SELECT 'week_movers/' || $brand || '/' || $week || '/' || $went || '/' || place AS figure_id, $brand AS brand, $week AS week,
    $went AS scope, 'reach' AS measure, reach::DOUBLE AS value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::BIGINT AS n,
    'mover' AS period, source, created_at::DATE AS day, compound, rating, themes, left(title, 400) AS title, left(text, 2000) AS text,
    length(text) > 2000 AS cut, url, post_id
FROM placed
WHERE place <= 3
ORDER BY place;
