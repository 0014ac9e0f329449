-- One row a brand, week and source, counted from the posts as they stand now.
-- key: brand, week, source
-- brand: slug of the brand
-- week: Monday of the UTC week
-- source: where from
-- posts: posts that count
-- authors: voices
-- net_trust: 100·(positive − negative)/authors; NULL without authors
-- positive: voices with a positive vote
-- negative: voices with a negative vote
-- mean: mean of the authors' mean compound, −1 to 1
-- rating: mean stars of posts with a rating; NULL without
-- practices_authors: voices that spoke of data or AI practices
-- newcomers: voices that speak of this brand here for the first time
-- other_language: posts in another language than the brand's: stored, and neither scored nor counted
-- coverage: complete, partial, none
-- volume_comparable: false where the source is a constant quota or sparse, so that counts say nothing about how much people post
CREATE OR REPLACE VIEW source_weekly AS
WITH weeks AS (
    SELECT brand, source, date_trunc('week', day)::DATE AS week,
        CASE WHEN bool_and(status = 'complete') THEN 'complete' WHEN sum(covered_hours) = 0 THEN 'none' ELSE 'partial' END AS coverage
    FROM coverage_daily GROUP BY ALL
),
votes AS (
    SELECT brand, week, source, sum(posts)::BIGINT AS posts, count(*) AS authors, sum(mean::DECIMAL(18, 9))::DOUBLE / count(*) AS mean,
        count(*) FILTER (vote = 1) AS positive, count(*) FILTER (vote = -1) AS negative,
        count(*) FILTER (practices_posts > 0) AS practices_authors, count(*) FILTER (first_seen_week = week) AS newcomers
    FROM author_weeks GROUP BY brand, week, source
),
stars AS (
    SELECT brand, week, source, sum(rating::DECIMAL(18, 6))::DOUBLE / count(rating) AS rating FROM brand_posts_without_text WHERE why_not_counted IS NULL GROUP BY brand, week, source
),
foreign_posts AS (
    SELECT brand, week, source, count(*) AS posts FROM brand_posts_without_text WHERE why_not_scored = 'in another language' GROUP BY brand, week, source
)
SELECT w.brand, w.week, w.source, coalesce(v.posts, 0) AS posts, coalesce(v.authors, 0) AS authors,
    CASE WHEN v.authors > 0 THEN 100.0 * (v.positive - v.negative) / v.authors END AS net_trust,
    coalesce(v.positive, 0) AS positive, coalesce(v.negative, 0) AS negative, v.mean, s.rating,
    coalesce(v.practices_authors, 0) AS practices_authors, coalesce(v.newcomers, 0) AS newcomers, coalesce(l.posts, 0) AS other_language, w.coverage,
    NOT EXISTS (SELECT 1 FROM source_flags AS f WHERE f.brand = w.brand AND f.source = w.source) AS volume_comparable
FROM weeks AS w
LEFT JOIN votes AS v ON v.brand = w.brand AND v.week = w.week AND v.source = w.source
LEFT JOIN foreign_posts AS l ON l.brand = w.brand AND l.week = w.week AND l.source = w.source
LEFT JOIN stars AS s ON s.brand = w.brand AND s.week = w.week AND s.source = w.source;
