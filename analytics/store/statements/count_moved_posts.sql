-- Stored posts that arrive again with another time: the file's settings or the file changed, and the stored time stays.
SELECT count(*) FROM arriving_posts AS a
JOIN known_posts AS k ON k.source = a.source AND k.post_id = a.post_id AND k.created_at <> a.created_at;
