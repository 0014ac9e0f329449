DELETE FROM matched_posts WHERE excluded;
