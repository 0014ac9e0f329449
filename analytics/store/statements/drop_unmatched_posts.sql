DELETE FROM new_posts WHERE place NOT IN (SELECT place FROM matched_posts);
