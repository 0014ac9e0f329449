-- One row a brand, source and day: was the day collected? Silence counts only where status is complete.
-- key: brand, source, day
-- brand: slug of the brand that was listened for
-- source: where from, as in posts.source
-- day: UTC day; runs over whole weeks, so days before the first and after the last request are never_asked
-- status: complete, capped (the source holds more than it gave), failed (asked, nothing can be said), partial, never_asked, or not_separable (so few posts in a shared file that silence and missing collection cannot be told apart)
-- covered_hours: hours of the day that were collected in full, 0 to 24
-- returned: posts that requests touching this day brought (a request over several days counts on each)
-- cost_usd: what requests starting on this day cost
CREATE OR REPLACE VIEW coverage_daily AS
WITH counted AS (
    -- What was asked by another query, or of another subreddit, says nothing of the present question.
    SELECT c.* FROM coverage AS c JOIN source_questions AS q USING (brand, source) WHERE c.query_hash = q.query_hash
    UNION ALL
    SELECT c.* FROM coverage AS c ANTI JOIN source_questions AS q USING (brand, source)
),
touched AS (
    SELECT c.brand, c.source, t.day::DATE AS day, c.capped, c.failed, c.returned,
        CASE WHEN c.window_start >= t.day THEN c.cost_usd ELSE 0 END AS cost_usd,
        greatest(c.window_start, t.day) AS starts_at,
        least(c.window_end, t.day + INTERVAL 1 DAY) AS ends_at
    FROM counted AS c,
        unnest(generate_series(date_trunc('day', c.window_start)::TIMESTAMP, c.window_end - INTERVAL 1 MICROSECOND, INTERVAL 1 DAY)) AS t(day)
    WHERE c.window_end > c.window_start
),
full_windows AS (
    SELECT *, max(ends_at) OVER (PARTITION BY brand, source, day ORDER BY starts_at, ends_at
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached
    FROM touched WHERE NOT capped AND NOT failed
),
covered AS (
    SELECT brand, source, day,
        sum(greatest(0, epoch_us(ends_at) - epoch_us(greatest(starts_at, coalesce(reached, starts_at)))))::DOUBLE / 3_600_000_000 AS covered_hours
    FROM full_windows GROUP BY brand, source, day
),
asked AS (
    SELECT brand, source, day, bool_or(capped) AS capped, bool_or(failed) AS failed,
        sum(returned)::BIGINT AS returned, sum(cost_usd) AS cost_usd
    FROM touched GROUP BY brand, source, day
),
spine AS (
    SELECT brand, source,
        unnest(generate_series(date_trunc('week', min(day))::TIMESTAMP, date_trunc('week', max(day)) + INTERVAL 6 DAY, INTERVAL 1 DAY))::DATE AS day
    FROM asked GROUP BY brand, source
)
SELECT s.brand, s.source, s.day,
    CASE
        WHEN f.flag IS NOT NULL THEN 'not_separable'
        WHEN a.day IS NULL THEN 'never_asked'
        WHEN c.covered_hours >= 23.999 THEN 'complete'
        WHEN a.capped THEN 'capped'
        WHEN c.covered_hours IS NULL AND a.failed THEN 'failed'
        ELSE 'partial'
    END AS status,
    CASE WHEN f.flag IS NULL THEN coalesce(c.covered_hours, 0) ELSE 0 END AS covered_hours,
    coalesce(a.returned, 0) AS returned,
    coalesce(a.cost_usd, 0) AS cost_usd
FROM spine AS s
LEFT JOIN asked AS a USING (brand, source, day)
LEFT JOIN covered AS c USING (brand, source, day)
LEFT JOIN source_flags AS f ON f.brand = s.brand AND f.source = s.source AND f.flag = 'sparse_in_shared_file';
