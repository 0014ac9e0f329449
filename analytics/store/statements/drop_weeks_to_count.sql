DELETE FROM source_weeks AS s USING weeks_to_count AS w
WHERE w.brand = s.brand AND w.source = s.source AND w.week = s.week;
