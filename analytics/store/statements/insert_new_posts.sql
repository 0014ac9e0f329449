INSERT INTO posts BY NAME
SELECT * EXCLUDE (place) FROM arriving_posts WHERE place IN (SELECT place FROM new_posts);
