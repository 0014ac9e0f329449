MERGE INTO stale_weeks
USING (SELECT DISTINCT $brand AS brand, week FROM new_mentions) AS given
USING (brand, week)
WHEN NOT MATCHED THEN INSERT BY NAME;
