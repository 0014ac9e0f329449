-- The first week of the posts that are left of authors who lost theirs.
CREATE OR REPLACE TEMP TABLE later_weeks AS
SELECT l.brand, l.source, l.author, min(g.week) AS week
FROM (SELECT DISTINCT brand, source, author FROM lost_weeks) AS l
JOIN gathered_posts AS g ON g.brand = l.brand AND g.source = l.source AND md5_number_lower(g.author_key) = l.author
WHERE g.why_not_counted IS NULL
GROUP BY ALL;
