SELECT count(*) FROM new_posts ANTI JOIN matched_posts USING (source, post_id);
