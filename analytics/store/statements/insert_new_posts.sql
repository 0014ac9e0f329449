-- {new}: all, or those in new_posts.
INSERT INTO posts BY NAME SELECT * EXCLUDE (place) FROM arriving_posts WHERE {new};
