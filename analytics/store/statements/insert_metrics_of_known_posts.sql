-- A new observation of likes, replies and shares is kept only where it tells something new.
INSERT INTO post_metrics
SELECT a.source, a.post_id, a.observed_at, a.likes, a.replies, a.shares
FROM arriving_metrics AS a
SEMI JOIN known_posts AS k ON k.source = a.source AND k.post_id = a.post_id
WHERE coalesce(a.likes, a.replies, a.shares) IS NOT NULL
    AND NOT EXISTS (
        SELECT 1 FROM post_metrics AS m
        WHERE m.source = a.source AND m.post_id = a.post_id AND m.observed_at = a.observed_at)
    AND NOT EXISTS (
        SELECT 1 FROM post_metrics AS m
        WHERE m.source = a.source AND m.post_id = a.post_id AND m.likes IS NOT DISTINCT FROM a.likes
            AND m.replies IS NOT DISTINCT FROM a.replies AND m.shares IS NOT DISTINCT FROM a.shares);
