-- The first observation of likes, replies and shares of posts that are new.
INSERT INTO post_metrics
SELECT a.source, a.post_id, a.observed_at, a.likes, a.replies, a.shares
FROM arriving_metrics AS a
SEMI JOIN new_posts AS n ON n.source = a.source AND n.post_id = a.post_id
WHERE coalesce(a.likes, a.replies, a.shares) IS NOT NULL;
