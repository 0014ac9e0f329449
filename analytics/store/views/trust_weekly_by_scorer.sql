-- One row a brand, week, scope and scorer, with authors 0 where nobody spoke: net trust expression by every scorer kept.
-- key: brand, week, scope, scorer
-- brand: slug of the brand
-- week: Monday of the UTC week
-- scope: all, or practices (posts about data and AI practices)
-- scorer: vader, vader_domain …
-- version: the scorer's version in force
-- net_trust: 100·(positive − negative)/authors, −100 to 100; NULL without authors. Sentiment among people who posted, not customers who trust
-- low: lower end of the 95 % interval, sampling only; NULL under 10 authors
-- high: upper end
-- mean: mean of the authors' mean compound, −1 to 1
-- positive: authors with a positive vote
-- neutral: authors with a neutral vote
-- negative: authors with a negative vote
-- posts: posts
-- authors: voices, one vote each
-- thin: fewer than 50 authors
-- coverage: complete, partial, none: whether silence in this week means anything
-- not_collected: what is missing, as text
CREATE OR REPLACE VIEW trust_weekly_by_scorer AS
WITH spine AS (
    SELECT c.brand, c.week, c.coverage, c.not_collected, s.scope, k.scorer, k.version
    FROM coverage_weekly AS c
    CROSS JOIN (VALUES ('all'), ('practices')) AS s(scope)
    JOIN (
        SELECT brand, scorer, max_by(version, run_id) AS version FROM weekly_numbers GROUP BY brand, scorer
        UNION
        SELECT brand, scorer, scorer_version FROM brands WHERE brand NOT IN (SELECT brand FROM weekly_numbers)
    ) AS k ON k.brand = c.brand
)
SELECT s.brand, s.week, s.scope, s.scorer, s.version,
    CASE WHEN w.authors > 0 THEN 100.0 * (w.positive - w.negative) / w.authors END AS net_trust,
    w.low, w.high, w.mean,
    coalesce(w.positive, 0) AS positive, coalesce(w.neutral, 0) AS neutral, coalesce(w.negative, 0) AS negative,
    coalesce(w.posts, 0) AS posts, coalesce(w.authors, 0) AS authors,
    coalesce(w.authors, 0) < 50 AS thin, s.coverage, s.not_collected
FROM spine AS s
LEFT JOIN weekly_numbers AS w USING (brand, week, scope, scorer, version);
