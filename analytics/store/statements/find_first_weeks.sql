-- Every author's first week of all that is gathered of a brand.
INSERT INTO first_weeks
SELECT brand, source, md5_number_lower(author_key), min(week)
FROM gathered_posts
WHERE brand = $brand AND author_key IS NOT NULL AND why_not_counted IS NULL
GROUP BY ALL;
