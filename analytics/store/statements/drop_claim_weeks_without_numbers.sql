-- A week in which nobody counts any more (the query or the scorer changed) has no row.
DELETE FROM claim_weeks AS k
WHERE k.brand = $brand AND NOT EXISTS (
    SELECT 1 FROM weekly_numbers AS n JOIN brands AS b ON b.brand = n.brand AND b.scorer = n.scorer AND b.scorer_version = n.version
    WHERE n.brand = $brand AND n.scope = 'all' AND n.week = k.week
);
