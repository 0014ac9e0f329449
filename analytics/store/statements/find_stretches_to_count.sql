-- The weeks of the brand in {weeks} as stretches of time with at most some $posts posts each, where a week has fewer: what is counted at once.
-- They lie from $first to $after: no other posts are looked at.
WITH weeks AS (
    SELECT s.week, count(p.created_at) AS posts
    FROM {weeks} AS s LEFT JOIN (SELECT created_at, date_trunc('week', created_at)::DATE AS week FROM posts WHERE created_at >= $first AND created_at < $after) AS p ON p.week = s.week
    WHERE s.brand = $brand
    GROUP BY s.week
),
numbered AS (SELECT week, floor(sum(posts) OVER (ORDER BY week) / $posts) AS stretch FROM weeks)
SELECT min(week)::TIMESTAMP AS first, max(week)::TIMESTAMP + INTERVAL 7 DAY AS after FROM numbered GROUP BY stretch ORDER BY stretch;
