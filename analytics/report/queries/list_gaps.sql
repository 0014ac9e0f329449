-- Stretches of days that were not collected in full, between a source's first and last request and in the week itself;
-- sources alike stand together. So do days after the last that anything was asked for.
WITH listened AS (
    SELECT source, day, status FROM coverage_daily WHERE brand = $brand AND day >= $since AND day < $week + INTERVAL 7 DAY
),
after_all AS (  -- days of the time shown after whatever was asked for, in so far as they are over
    SELECT (SELECT max(day) FROM listened) + 1 AS first_day, $until::DATE AS end_day
),
days AS (
    SELECT source, day, status, min(day) FILTER (status <> 'never_asked') OVER (PARTITION BY source) AS first_asked,
        max(day) FILTER (status <> 'never_asked') OVER (PARTITION BY source) AS last_asked, false AS after_all
    FROM listened
    UNION ALL
    SELECT DISTINCT l.source, unnest(generate_series(a.first_day, a.end_day - 1, INTERVAL 1 DAY))::DATE, 'never_asked', NULL, NULL, true
    FROM listened AS l, after_all AS a WHERE a.first_day < a.end_day
),
numbered AS (
    SELECT source, day, status, day - row_number() OVER (PARTITION BY source, status ORDER BY day)::INTEGER AS stretch
    FROM days
    WHERE status NOT IN ('complete', 'not_separable') AND (day BETWEEN first_asked AND last_asked OR day >= $week OR after_all)
),
stretches AS (
    SELECT source, status, min(day) AS first_day, max(day) AS last_day FROM numbered GROUP BY source, status, stretch
)
SELECT first_day, last_day, status, list(source ORDER BY source) AS sources
FROM stretches
GROUP BY first_day, last_day, status
ORDER BY first_day DESC, last_day DESC, status;
