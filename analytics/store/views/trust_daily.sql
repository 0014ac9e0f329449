-- One row a brand, day and scope by the configured scorer, on an unbroken calendar; counted from the posts as they stand now.
-- key: brand, day, scope
-- brand: slug of the brand
-- day: UTC day
-- scope: all, or practices
-- net_trust: 100·(positive − negative)/authors with one vote an author a day; NULL without authors
-- positive: authors with a positive vote
-- neutral: authors with a neutral vote
-- negative: authors with a negative vote
-- posts: posts
-- authors: voices
-- coverage: complete, partial, none over the brand's sources
CREATE OR REPLACE VIEW trust_daily AS
WITH days AS (
    SELECT brand, day,
        CASE WHEN bool_and(status = 'complete') THEN 'complete' WHEN sum(covered_hours) = 0 THEN 'none' ELSE 'partial' END AS coverage
    FROM coverage_daily GROUP BY brand, day
),
scoped AS (
    SELECT brand, day, voice, compound, unnest(CASE WHEN practices THEN ['all', 'practices'] ELSE ['all'] END) AS scope
    FROM brand_posts_without_text WHERE why_not_counted IS NULL
),
votes AS (
    SELECT brand, day, scope, voice, sum(compound::DECIMAL(18, 6))::DOUBLE / count(*) AS mean, count(*) AS posts FROM scoped GROUP BY brand, day, scope, voice
),
counted AS (
    SELECT brand, day, scope, count(*) FILTER (mean >= 0.05) AS positive, count(*) FILTER (mean > -0.05 AND mean < 0.05) AS neutral,
        count(*) FILTER (mean <= -0.05) AS negative, sum(posts)::BIGINT AS posts, count(*) AS authors
    FROM votes GROUP BY brand, day, scope
)
SELECT d.brand, d.day, s.scope,
    CASE WHEN n.authors > 0 THEN 100.0 * (n.positive - n.negative) / n.authors END AS net_trust,
    coalesce(n.positive, 0) AS positive, coalesce(n.neutral, 0) AS neutral, coalesce(n.negative, 0) AS negative,
    coalesce(n.posts, 0) AS posts, coalesce(n.authors, 0) AS authors, d.coverage
FROM days AS d CROSS JOIN (VALUES ('all'), ('practices')) AS s(scope)
LEFT JOIN counted AS n ON n.brand = d.brand AND n.day = d.day AND n.scope = s.scope;
