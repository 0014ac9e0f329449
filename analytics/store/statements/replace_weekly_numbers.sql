INSERT INTO weekly_numbers BY NAME SELECT * FROM counted_weeks
ON CONFLICT DO UPDATE SET positive = excluded.positive, neutral = excluded.neutral, negative = excluded.negative,
    mean = excluded.mean, posts = excluded.posts, authors = excluded.authors, low = excluded.low, high = excluded.high,
    complete = excluded.complete, run_id = excluded.run_id;
