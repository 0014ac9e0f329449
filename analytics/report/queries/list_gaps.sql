-- Stretches of days that were not collected in full, between a source's first and last request and in the week itself;
-- sources alike stand together.
WITH days AS (
    SELECT source, day, status,
        min(day) FILTER (status <> 'never_asked') OVER (PARTITION BY source) AS first_asked,
        max(day) FILTER (status <> 'never_asked') OVER (PARTITION BY source) AS last_asked
    FROM coverage_daily WHERE brand = $brand AND day >= $since AND day < $week + INTERVAL 7 DAY
),
numbered AS (
    SELECT source, day, status, day - row_number() OVER (PARTITION BY source, status ORDER BY day)::INTEGER AS stretch
    FROM days
    WHERE status NOT IN ('complete', 'not_separable') AND (day BETWEEN first_asked AND last_asked OR day >= $week)
),
stretches AS (
    SELECT source, status, min(day) AS first_day, max(day) AS last_day FROM numbered GROUP BY source, status, stretch
)
SELECT first_day, last_day, status, list(source ORDER BY source) AS sources
FROM stretches
GROUP BY first_day, last_day, status
ORDER BY first_day DESC, last_day DESC, status;
