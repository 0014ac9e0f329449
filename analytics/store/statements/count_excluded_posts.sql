-- The new posts that some brand finds and leaves out.
SELECT count(DISTINCT place) FROM matched_posts WHERE excluded AND place IN (SELECT place FROM new_posts);
