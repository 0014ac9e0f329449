-- Authors of posts that went from the first week in which one of theirs counts.
CREATE OR REPLACE TEMP TABLE lost_weeks AS
SELECT DISTINCT p.brand, p.source, p.author_key, f.author, f.week
FROM posts_that_went AS p
JOIN first_weeks AS f ON f.brand = p.brand AND f.source = p.source AND f.author = md5_number_lower(p.author_key) AND f.week = p.week;
