-- The same as find_themes_to_count from what was gathered, of the posts from $first to $after.
CREATE OR REPLACE TEMP TABLE themes_of_posts AS
SELECT source, post_id, themes, practices FROM gathered_posts
WHERE brand = $brand AND created_at >= $first AND created_at < $after AND len(themes) > 0;
