-- Stored posts that arrive again with another time: the file's settings or the file changed, and the stored time stays.
SELECT count(*) FROM arriving_posts AS a
JOIN posts AS p ON p.source = a.source AND p.post_id = a.post_id AND p.created_at <> a.created_at;
