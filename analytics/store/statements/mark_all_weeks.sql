INSERT INTO stale_weeks
SELECT DISTINCT m.brand, date_trunc('week', p.created_at)::DATE
FROM mentions AS m JOIN posts AS p ON p.source = m.source AND p.post_id = m.post_id
WHERE m.brand = $brand
ON CONFLICT DO NOTHING;
