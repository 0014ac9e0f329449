-- One row a brand, week and scope by the configured scorer, on an unbroken calendar: an empty week is a row with authors 0.
-- key: brand, week, scope
-- brand: slug of the brand
-- week: Monday of the UTC week
-- scope: all, or practices (posts about data and AI practices)
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
-- scorer: the configured scorer
-- version: its version
CREATE OR REPLACE VIEW trust_weekly AS
SELECT c.brand, c.week, s.scope,
    CASE WHEN w.authors > 0 THEN 100.0 * (w.positive - w.negative) / w.authors END AS net_trust,
    w.low, w.high, w.mean,
    coalesce(w.positive, 0) AS positive, coalesce(w.neutral, 0) AS neutral, coalesce(w.negative, 0) AS negative,
    coalesce(w.posts, 0) AS posts, coalesce(w.authors, 0) AS authors,
    coalesce(w.authors, 0) < 50 AS thin, c.coverage, c.not_collected, b.scorer, b.scorer_version AS version
FROM coverage_weekly AS c
JOIN brands AS b ON b.brand = c.brand
CROSS JOIN (VALUES ('all'), ('practices')) AS s(scope)
LEFT JOIN weekly_numbers AS w
    ON w.brand = c.brand AND w.week = c.week AND w.scope = s.scope AND w.scorer = b.scorer AND w.version = b.scorer_version;
