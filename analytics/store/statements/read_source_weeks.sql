-- source_weekly, read from the weeks that were counted of what was gathered: in force with the reading of gathered_posts.
CREATE OR REPLACE VIEW source_weekly AS
WITH weeks AS (
    SELECT brand, source, date_trunc('week', day)::DATE AS week,
        CASE WHEN bool_and(status = 'complete') THEN 'complete' WHEN sum(covered_hours) = 0 THEN 'none' ELSE 'partial' END AS coverage
    FROM coverage_daily GROUP BY ALL
)
SELECT w.brand, w.week, w.source, coalesce(n.posts, 0) AS posts, coalesce(n.authors, 0) AS authors,
    CASE WHEN n.authors > 0 THEN 100.0 * (n.positive - n.negative) / n.authors END AS net_trust,
    coalesce(n.positive, 0) AS positive, coalesce(n.negative, 0) AS negative, n.mean_sum::DOUBLE / nullif(n.authors, 0) AS mean,
    n.rating_sum::DOUBLE / nullif(n.rated_posts, 0) AS rating,
    coalesce(n.practices_authors, 0) AS practices_authors, coalesce(n.newcomers, 0) AS newcomers, coalesce(n.other_language, 0) AS other_language, w.coverage,
    NOT EXISTS (SELECT 1 FROM source_flags AS f WHERE f.brand = w.brand AND f.source = w.source) AS volume_comparable
FROM weeks AS w
LEFT JOIN source_weeks AS n ON n.brand = w.brand AND n.week = w.week AND n.source = w.source;
