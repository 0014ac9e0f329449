-- The written reports that quote a post that is gone, and how many of them each quotes.
SELECT count(DISTINCT q.post_id), q.path, q.content_hash
FROM report_quotes AS q JOIN gone_posts AS g ON g.post_id = q.post_id
WHERE q.source = $source
GROUP BY q.path, q.content_hash;
