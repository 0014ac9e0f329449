MERGE INTO stale_weeks
USING (
    SELECT DISTINCT m.brand, date_trunc('week', p.created_at)::DATE AS week
    FROM mentions AS m JOIN posts AS p ON p.source = m.source AND p.post_id = m.post_id
    WHERE m.brand = $brand
) AS given
USING (brand, week)
WHEN NOT MATCHED THEN INSERT BY NAME;
