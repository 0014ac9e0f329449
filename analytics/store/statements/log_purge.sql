INSERT INTO purges
SELECT $run_id, p.source, g.reason, count(*), $moment::TIMESTAMP
FROM posts AS p JOIN gone_posts AS g ON g.post_id = p.post_id
WHERE p.source = $source
GROUP BY p.source, g.reason;
