-- The week to report on: of the weeks that are over the last one to whose end a source was asked, however much of it failed
-- (a broken source must not show old news as this week's: the page says what is missing); else the last one of which
-- anything was collected; else the last. A week that still runs is taken only where none is over.
WITH ends AS (
    SELECT date_trunc('week', day)::DATE AS week
    FROM coverage_daily
    WHERE brand = $brand AND dayofweek(day) = 0 AND status <> 'never_asked'
    GROUP BY week
),
weeks AS (
    SELECT t.week, t.coverage <> 'none' AS collected, e.week IS NOT NULL AS asked_to_its_end,
        t.week + INTERVAL 7 DAY <= $today AS over, t.week <= $today AS begun
    FROM trust_weekly AS t LEFT JOIN ends AS e USING (week) WHERE t.brand = $brand AND t.scope = 'all'
)
SELECT week
FROM weeks
ORDER BY over DESC, begun DESC, asked_to_its_end AND collected DESC, collected DESC, week DESC
LIMIT 1;
