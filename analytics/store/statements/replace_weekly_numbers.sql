MERGE INTO weekly_numbers USING counted_weeks AS given USING (brand, week, scope, scorer, version)
WHEN MATCHED THEN UPDATE SET positive = given.positive, neutral = given.neutral, negative = given.negative,
    mean = given.mean, posts = given.posts, authors = given.authors, low = given.low, high = given.high,
    complete = given.complete, run_id = given.run_id
WHEN NOT MATCHED THEN INSERT BY NAME;
