-- Share of voice in the last four weeks: the posts of the brand and of each peer, and why there is no share where there is none.
WITH weeks AS (
    SELECT compared_brand, sum(posts) AS posts, sum(posts_all) AS posts_all, count(*) AS weeks,
        max(why_no_share) FILTER (why_no_share IS DISTINCT FROM 'no posts') AS why
    FROM share_of_voice_weekly
    WHERE brand = $brand AND week BETWEEN $week - INTERVAL 21 DAY AND $week
    GROUP BY compared_brand
)
SELECT 'voice/' || $brand || '/' || $week || '/' || w.compared_brand || '/share_of_voice' AS figure_id, $brand AS brand, $week AS week,
    w.compared_brand AS scope, 'share_of_voice' AS measure,
    CASE WHEN w.why IS NULL AND w.posts_all > 0 THEN 100.0 * w.posts / w.posts_all END AS value,
    NULL::DOUBLE AS low, NULL::DOUBLE AS high, w.posts_all::BIGINT AS n, w.posts::BIGINT AS posts, w.why
FROM weeks AS w
ORDER BY w.compared_brand <> $brand, w.posts DESC, w.compared_brand;
