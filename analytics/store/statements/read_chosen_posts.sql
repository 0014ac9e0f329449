-- posts_behind, read from the posts that were chosen: in force with the reading of gathered_posts.
CREATE OR REPLACE VIEW posts_behind AS
SELECT brand, week, place, source, post_id, created_at, reach, compound, rating, themes, practices, title, text, cut, url FROM chosen_posts;
