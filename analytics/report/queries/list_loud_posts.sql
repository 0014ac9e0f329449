-- The posts with the widest reach: on the event's themes in the 28 days from its notice, and in the week; a text counts once.
WITH chosen AS (
    SELECT 'event' AS period, * FROM top_posts
    WHERE brand = $brand AND created_at >= $event_date::DATE AND created_at < $event_date::DATE + INTERVAL 28 DAY
        AND created_at < $week + INTERVAL 7 DAY AND list_has_any(themes, $event_themes)
    UNION ALL
    SELECT 'week', * FROM top_posts WHERE brand = $brand AND week = $week
),
once AS (
    SELECT * FROM chosen
    QUALIFY row_number() OVER (PARTITION BY period, md5(lower(trim(text)))
        ORDER BY reach DESC, created_at, source, post_id) = 1
),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY period ORDER BY reach DESC, abs(compound) DESC, created_at, source, post_id) AS place
    FROM once
)
SELECT 'top_posts/' || $brand || '/' || $week || '/' || period || '/' || place AS figure_id, $brand AS brand, $week AS week,
    period AS scope, 'reach' AS measure, reach::DOUBLE AS value, NULL::DOUBLE AS low, NULL::DOUBLE AS high, NULL::BIGINT AS n,
    period, source, created_at::DATE AS day, compound, rating, themes, left(title, 400) AS title, left(text, 2000) AS text,
    length(text) > 2000 AS cut, url, post_id
FROM placed
WHERE place <= 5
ORDER BY period, place;
