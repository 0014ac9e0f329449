-- What the brand's scorer says of posts_to_count, where that was gathered with them.
SELECT source, post_id, week, voice, compound FROM posts_to_count WHERE compound IS NOT NULL
