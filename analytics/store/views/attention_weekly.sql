-- One row a brand, week and theme: the share of the week's authors with at least one post on it.
-- key: brand, week, theme
-- brand: slug of the brand
-- week: Monday of the UTC week
-- theme: a theme's name; practices (any theme of data and AI practices); event:<id> (the event's own themes together)
-- authors: voices that spoke of it
-- authors_all: voices in all
-- share: 100·authors/authors_all, 0 to 100; NULL where nobody spoke at all
-- low: lower end of the 95 % Wilson interval, sampling only; NULL under 10 authors
-- high: upper end
-- posts: posts on it
-- coverage: complete, partial, none
CREATE OR REPLACE VIEW attention_weekly AS
WITH wanted AS (
    SELECT b.brand, b.scorer, b.scorer_version AS version, t.theme FROM brands AS b JOIN themes AS t USING (taxonomy_version)
    UNION ALL
    SELECT brand, scorer, scorer_version, 'practices' FROM brands
    UNION ALL
    SELECT DISTINCT b.brand, b.scorer, b.scorer_version, 'event:' || e.event_id
    FROM policy_events AS e
    LEFT JOIN brand_peers AS p ON p.brand = e.brand
    JOIN brands AS b ON b.brand = e.brand OR b.brand = p.peer
    WHERE len(e.themes) > 0
),
counted AS (
    SELECT c.brand, c.week, w.theme, coalesce(n.authors, 0) AS authors, coalesce(a.authors, 0) AS authors_all,
        coalesce(n.posts, 0) AS posts, c.coverage
    FROM coverage_weekly AS c
    JOIN wanted AS w ON w.brand = c.brand
    LEFT JOIN weekly_numbers AS n
        ON n.brand = c.brand AND n.week = c.week AND n.scope = w.theme AND n.scorer = w.scorer AND n.version = w.version
    LEFT JOIN weekly_numbers AS a
        ON a.brand = c.brand AND a.week = c.week AND a.scope = 'all' AND a.scorer = w.scorer AND a.version = w.version
),
shared AS (
    SELECT *, authors / authors_all AS p, 1.959964 ^ 2 / authors_all AS z2n FROM counted
)
SELECT brand, week, theme, authors, authors_all,
    CASE WHEN authors_all > 0 THEN 100 * p END AS share,
    CASE WHEN authors_all >= 10 THEN
        100 * greatest(0, (p + z2n / 2 - sqrt(z2n * (p * (1 - p) + z2n / 4))) / (1 + z2n)) END AS low,
    CASE WHEN authors_all >= 10 THEN
        100 * least(1, (p + z2n / 2 + sqrt(z2n * (p * (1 - p) + z2n / 4))) / (1 + z2n)) END AS high,
    posts, coverage
FROM shared;
