-- Weeks with a post that counts now and did not, or the other way round, since its language is read anew (changed_languages).
MERGE INTO stale_weeks
USING (
    SELECT DISTINCT m.brand, date_trunc('week', p.created_at)::DATE AS week
    FROM changed_languages AS f
    JOIN posts AS p ON p.source = f.source AND p.post_id = f.post_id
    JOIN mentions AS m ON m.source = f.source AND m.post_id = f.post_id
    LEFT JOIN post_languages AS o ON o.source = f.source AND o.post_id = f.post_id
    LEFT JOIN brand_languages AS l ON l.brand = m.brand
    WHERE (f.language IN ('und', coalesce(l.language, 'en')))
        <> (coalesce(o.language, 'und') IN ('und', coalesce(l.language, 'en')))
) AS given
USING (brand, week)
WHEN NOT MATCHED THEN INSERT BY NAME;
