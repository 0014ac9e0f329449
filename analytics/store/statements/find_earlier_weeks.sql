-- Authors of posts that came of whom no earlier post counts; former: the week that was their first before.
CREATE OR REPLACE TEMP TABLE earlier_weeks AS
SELECT c.brand, c.source, c.author, c.week, f.week AS former
FROM (
    SELECT brand, source, md5_number_lower(author_key) AS author, min(week) AS week
    FROM posts_that_came WHERE author_key IS NOT NULL GROUP BY ALL
) AS c
LEFT JOIN first_weeks AS f ON f.brand = c.brand AND f.source = c.source AND f.author = c.author
WHERE f.week IS NULL OR c.week < f.week;
