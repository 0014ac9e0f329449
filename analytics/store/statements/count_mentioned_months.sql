-- Posts of each source by month, of the brands in $brands whose posts are not gathered: the rows of brand_posts, of which nothing but their
-- number is needed.
SELECT m.brand, m.source, date_trunc('month', p.created_at)::DATE AS month, count(*) AS posts
FROM mentions AS m
JOIN brands AS b ON b.brand = m.brand AND b.query_hash = m.query_hash
JOIN posts AS p ON p.source = m.source AND p.post_id = m.post_id
WHERE list_contains($brands, m.brand)
GROUP BY ALL
