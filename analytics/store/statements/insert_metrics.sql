-- The first observation of likes, replies and shares of posts that are new. {new}: all, or those in new_posts.
INSERT INTO post_metrics
SELECT a.source, a.post_id, a.observed_at, a.likes, a.replies, a.shares
FROM arriving_metrics AS a
WHERE coalesce(a.likes, a.replies, a.shares) IS NOT NULL AND {new};
