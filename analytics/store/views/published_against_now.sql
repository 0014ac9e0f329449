-- One row a published figure that can be counted again from the posts: what a report said, and what the store says now.
-- key: report_id, figure_id
-- report_id: the report
-- figure_id: the figure in it
-- brand: slug of the brand
-- week: Monday of the week that the figure is about
-- scope: all, practices, a theme or event:<id>
-- measure: net_trust or attention
-- value_published: as printed
-- n_published: authors it stood on
-- value_now: counted from the posts as they stand now
-- n_now: authors now
-- difference: value_now − value_published, to nine digits
-- published_at: when the report was written, UTC
CREATE OR REPLACE VIEW published_against_now AS
WITH event_themes AS (
    SELECT 'event:' || e.event_id AS scope, b.brand, e.themes
    FROM policy_events AS e LEFT JOIN brand_peers AS p ON p.brand = e.brand JOIN brands AS b ON b.brand = e.brand OR b.brand = p.peer
    GROUP BY ALL
),
scoped AS (
    SELECT brand, week, voice, compound, unnest(['all'] || CASE WHEN practices THEN ['practices'] ELSE [] END || themes) AS scope
    FROM brand_posts_without_text WHERE why_not_counted IS NULL
    UNION ALL
    SELECT p.brand, p.week, p.voice, p.compound, e.scope
    FROM brand_posts_without_text AS p JOIN event_themes AS e ON e.brand = p.brand AND list_has_any(p.themes, e.themes)
    WHERE p.why_not_counted IS NULL
),
votes AS (SELECT brand, week, scope, voice, sum(compound::DECIMAL(18, 6))::DOUBLE / count(*) AS mean FROM scoped GROUP BY brand, week, scope, voice),
counted AS (
    SELECT brand, week, scope, count(*) AS authors,
        100.0 * (count(*) FILTER (mean >= 0.05) - count(*) FILTER (mean <= -0.05)) / count(*) AS net_trust
    FROM votes GROUP BY brand, week, scope
),
now_counted AS (
    SELECT c.brand, c.week, c.scope, 'net_trust' AS measure, c.net_trust AS value, c.authors AS n FROM counted AS c
    UNION ALL
    SELECT a.brand, a.week, w.scope, 'attention', 100.0 * coalesce(c.authors, 0) / a.authors, a.authors
    FROM counted AS a
    JOIN (SELECT DISTINCT brand, week, scope FROM published_figures WHERE measure = 'attention') AS w
        ON w.brand = a.brand AND w.week = a.week
    LEFT JOIN counted AS c ON c.brand = a.brand AND c.week = a.week AND c.scope = w.scope
    WHERE a.scope = 'all'
)
SELECT f.report_id, f.figure_id, f.brand, f.week, f.scope, f.measure, f.value AS value_published, f.n AS n_published,
    n.value AS value_now, coalesce(n.n, 0) AS n_now, round(n.value - f.value, 9) AS difference, f.published_at
FROM published_figures AS f
LEFT JOIN now_counted AS n ON n.brand = f.brand AND n.week = f.week AND n.scope = f.scope AND n.measure = f.measure
WHERE f.measure IN ('net_trust', 'attention') AND f.week IS NOT NULL;
