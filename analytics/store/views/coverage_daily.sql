-- One row a brand, source and day: was the day collected? Silence counts only where status is complete.
-- key: brand, source, day
-- brand: slug of the brand that was listened for
-- source: where from, as in posts.source
-- day: UTC day; runs over whole weeks, so days before the first and after the last request are never_asked
-- status: complete, capped (the source holds more than it gave), failed (asked, nothing can be said), partial, never_asked, or not_separable (so few posts in a shared file that silence and missing collection cannot be told apart)
-- covered_hours: hours of the day that were collected in full, 0 to 24
-- returned: posts that requests touching this day brought (a request over several days counts on each)
-- cost_usd: what requests for time that begins on this day cost, in US dollars, those that only counted posts too (of time outside these rows: on the nearest). A source's rows add up to its rows in spend_monthly
CREATE OR REPLACE VIEW coverage_daily AS
WITH counted AS (
    -- What was asked by another query, or of another subreddit, says nothing of the present question.
    SELECT c.* FROM coverage AS c JOIN source_questions AS q USING (brand, source) WHERE c.query_hash = q.query_hash
    UNION ALL
    SELECT c.* FROM coverage AS c ANTI JOIN source_questions AS q USING (brand, source)
),
touched AS (
    SELECT c.brand, c.source, t.day::DATE AS day, c.capped, c.failed, c.returned,
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
    SELECT brand, source, day, bool_or(capped) AS capped, bool_or(failed) AS failed, sum(returned)::BIGINT AS returned
    FROM touched GROUP BY brand, source, day
),
paid AS (
    -- The ledger of requests knows all that was spent, on counts and on former questions too; without a hash: a signal's.
    SELECT brand, source, window_start::DATE AS day, sum(cost_usd::DECIMAL(18, 6)) AS cost_usd
    FROM requests WHERE query_hash <> '' AND cost_usd <> 0 GROUP BY ALL
),
bounds AS (
    SELECT brand, source, min(day) AS first_day, max(day) AS last_day FROM asked GROUP BY brand, source
    UNION ALL
    SELECT brand, source, min(day), max(day) FROM paid ANTI JOIN asked USING (brand, source) GROUP BY brand, source
),
spent AS (
    SELECT brand, source, greatest(first_day, least(last_day, day)) AS day, sum(cost_usd)::DOUBLE AS cost_usd
    FROM paid JOIN bounds USING (brand, source) GROUP BY ALL
),
spine AS (
    SELECT brand, source,
        unnest(generate_series(date_trunc('week', first_day)::TIMESTAMP, date_trunc('week', last_day) + INTERVAL 6 DAY, INTERVAL 1 DAY))::DATE AS day
    FROM bounds
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
    coalesce(p.cost_usd, 0) AS cost_usd
FROM spine AS s
LEFT JOIN asked AS a USING (brand, source, day)
LEFT JOIN covered AS c USING (brand, source, day)
LEFT JOIN spent AS p USING (brand, source, day)
LEFT JOIN source_flags AS f ON f.brand = s.brand AND f.source = s.source AND f.flag = 'sparse_in_shared_file';
