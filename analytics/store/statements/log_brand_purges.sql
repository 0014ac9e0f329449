-- How many of the posts that are about to be erased each brand has.
INSERT INTO brand_purges
SELECT $run_id, m.brand, count(DISTINCT m.post_id), $moment::TIMESTAMP
FROM mentions AS m
JOIN gone_posts AS g ON g.post_id = m.post_id
WHERE m.source = $source AND EXISTS (SELECT 1 FROM posts AS p WHERE p.source = m.source AND p.post_id = m.post_id)
GROUP BY m.brand;
