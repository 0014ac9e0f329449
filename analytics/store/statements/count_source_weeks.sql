-- The rows of source_weeks for the temporary table weeks_to_count (brand, source, week) between two weeks, from what was gathered.
-- Sums are of decimals, and so the same in whatever order threads add them. See source_weekly.
INSERT INTO source_weeks BY NAME
WITH gathered AS (
    SELECT g.brand, g.source, g.week, g.post_id, g.author_key, g.compound, g.practices, g.rating, g.why_not_scored, g.why_not_counted IS NULL AS counts
    FROM gathered_posts AS g
    SEMI JOIN weeks_to_count AS w ON w.brand = g.brand AND w.source = g.source AND w.week = g.week
    WHERE g.week BETWEEN $first AND $last
),
stored AS (
    SELECT brand, source, week, count(*) FILTER (counts AND author_key IS NULL) AS without_author,
        count(rating) FILTER (counts) AS rated_posts, sum(rating::DECIMAL(18, 6)) FILTER (counts) AS rating_sum,
        count(*) FILTER (why_not_scored = 'in another language') AS other_language
    FROM gathered GROUP BY ALL
),
voices AS (
    SELECT brand, source, week, coalesce(author_key, 'post:' || source || ':' || post_id) AS voice, count(*) AS posts,
        sum(compound::DECIMAL(18, 6))::DOUBLE / count(*) AS mean, bool_or(practices) AS practices
    FROM gathered WHERE counts GROUP BY ALL
),
votes AS (
    SELECT brand, source, week, sum(posts)::BIGINT AS posts, count(*) AS authors, count(*) FILTER (mean >= 0.05) AS positive,
        count(*) FILTER (mean <= -0.05) AS negative, sum(mean::DECIMAL(18, 9)) AS mean_sum, count(*) FILTER (practices) AS practices_authors
    FROM voices GROUP BY ALL
),
firsts AS (
    SELECT brand, source, week, count(*) AS authors FROM first_weeks WHERE week BETWEEN $first AND $last GROUP BY ALL
)
SELECT s.brand, s.week, s.source, coalesce(v.posts, 0) AS posts, coalesce(v.authors, 0) AS authors, coalesce(v.positive, 0) AS positive,
    coalesce(v.negative, 0) AS negative, v.mean_sum, coalesce(v.practices_authors, 0) AS practices_authors,
    coalesce(f.authors, 0) + s.without_author AS newcomers, s.rated_posts, s.rating_sum, s.other_language
FROM stored AS s
LEFT JOIN votes AS v ON v.brand = s.brand AND v.source = s.source AND v.week = s.week
LEFT JOIN firsts AS f ON f.brand = s.brand AND f.source = s.source AND f.week = s.week;
