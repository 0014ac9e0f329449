-- The thread of each of the asked posts that is stored and has one.
SELECT post_id, thread_id FROM posts
WHERE source = $source AND thread_id IS NOT NULL AND post_id IN (SELECT post_id FROM asked_posts);
