-- The weeks whose numbers were counted since their claims were, or in which a claim was not counted by its present query.
CREATE OR REPLACE TEMP TABLE claim_weeks_to_count AS
SELECT n.brand, n.week, n.run_id AS numbers_run
FROM weekly_numbers AS n
JOIN brands AS b ON b.brand = n.brand AND b.scorer = n.scorer AND b.scorer_version = n.version
WHERE n.brand = $brand AND n.scope = 'all' AND EXISTS (
    SELECT 1 FROM claims AS c
    WHERE c.brand = $brand AND NOT EXISTS (
        SELECT 1 FROM claim_weeks AS k
        WHERE k.brand = $brand AND k.week = n.week AND k.claim = c.claim AND k.claim_hash = c.claim_hash AND k.numbers_run = n.run_id
    )
);
