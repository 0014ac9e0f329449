-- A stale week's scope in which nobody speaks any more (the query or the taxonomy changed) has no row.
DELETE FROM weekly_numbers AS w
WHERE w.brand = $brand AND w.scorer = $scorer AND w.version = $version
    AND EXISTS (SELECT 1 FROM stale_weeks AS t WHERE t.brand = w.brand AND t.week = w.week)
    AND NOT EXISTS (SELECT 1 FROM counted_weeks AS c WHERE c.week = w.week AND c.scope = w.scope);
