DELETE FROM new_posts
WHERE NOT EXISTS (
    SELECT 1 FROM matched_posts AS m WHERE m.source = new_posts.source AND m.post_id = new_posts.post_id);
