-- The posts behind each week shown.
SELECT 'behind' AS period, source, created_at::DATE AS day, reach::DOUBLE AS value, compound, rating, themes, title, text, cut, url, post_id
FROM posts_behind
WHERE brand = $brand AND week BETWEEN $since AND $week
ORDER BY week DESC, place;
