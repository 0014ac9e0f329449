-- The week to report on: of the weeks that are over the last one that the sources gave as completely as they can, if it is
-- among the last eight; else the last one of which anything was collected; else the last. A week that still runs is taken
-- only where none is over. A day is settled where asking again would bring no more: complete, capped or not separable.
WITH days AS (
    SELECT date_trunc('week', day)::DATE AS week, bool_and(status IN ('complete', 'capped', 'not_separable')) AS settled
    FROM coverage_daily WHERE brand = $brand GROUP BY ALL
),
weeks AS (
    SELECT t.week, t.coverage <> 'none' AS collected, coalesce(d.settled, false) AS settled,
        t.week + INTERVAL 7 DAY <= $today AS over, t.week <= $today AS begun
    FROM trust_weekly AS t LEFT JOIN days AS d USING (week) WHERE t.brand = $brand AND t.scope = 'all'
),
placed AS (
    SELECT *, row_number() OVER (PARTITION BY over ORDER BY week DESC) AS place FROM weeks
)
SELECT week
FROM placed
ORDER BY over DESC, begun DESC, settled AND collected AND place <= 8 DESC, collected DESC, week DESC
LIMIT 1;
