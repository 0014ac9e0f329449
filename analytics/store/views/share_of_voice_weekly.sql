-- One row a brand, week and compared brand (itself and each peer): its part of all their posts.
-- key: brand, week, compared_brand
-- brand: slug of the brand whose file names the peers
-- week: Monday of the UTC week
-- compared_brand: the brand itself or one of its peers
-- posts: posts of the compared brand
-- posts_all: posts of the brand and all its peers
-- share: 100·posts/posts_all; NULL without posts, where a week is not complete for all of them, or where a source's counts say nothing
-- why_no_share: NULL, or the reason why there is no share
CREATE OR REPLACE VIEW share_of_voice_weekly AS
WITH compared AS (
    SELECT brand, brand AS compared_brand FROM brands WHERE brand IN (SELECT brand FROM brand_peers)
    UNION ALL
    SELECT brand, peer FROM brand_peers
),
volumes AS (
    SELECT brand, week, sum(posts)::BIGINT AS posts, bool_and(volume_comparable) AS volume_comparable,
        bool_and(coverage = 'complete') AS complete
    FROM source_weekly GROUP BY brand, week
),
joined AS (
    SELECT c.brand, w.week, c.compared_brand, coalesce(v.posts, 0) AS posts,
        coalesce(v.volume_comparable, true) AS volume_comparable, coalesce(v.complete, false) AS complete
    FROM compared AS c
    JOIN (SELECT DISTINCT brand, week FROM volumes) AS w ON w.brand = c.brand
    LEFT JOIN volumes AS v ON v.brand = c.compared_brand AND v.week = w.week
),
summed AS (
    SELECT *, sum(posts) OVER each_week::BIGINT AS posts_all, bool_and(volume_comparable) OVER each_week AS all_comparable,
        bool_and(complete) OVER each_week AS all_complete
    FROM joined WINDOW each_week AS (PARTITION BY brand, week)
)
SELECT brand, week, compared_brand, posts, posts_all,
    CASE WHEN posts_all > 0 AND all_comparable AND all_complete THEN 100.0 * posts / posts_all END AS share,
    CASE WHEN NOT all_comparable THEN 'a source is a constant quota or too sparse: its counts say nothing'
        WHEN NOT all_complete THEN 'the week was not collected in full for every brand'
        WHEN posts_all = 0 THEN 'no posts' END AS why_no_share
FROM summed;
