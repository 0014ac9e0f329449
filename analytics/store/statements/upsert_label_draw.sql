MERGE INTO label_draws
USING (VALUES (?, ?, ?, ?, ?)) AS given (brand, event_id, seed, posts_a_window, drawn_at)
USING (brand, event_id)
WHEN MATCHED THEN UPDATE SET seed = given.seed, posts_a_window = given.posts_a_window, drawn_at = given.drawn_at
WHEN NOT MATCHED THEN INSERT BY NAME;
