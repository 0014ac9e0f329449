-- Of each source of a brand: up to when a look at it succeeded, whatever came; up to when it was asked; the usual seconds
-- between two looks that succeeded; how many looks since then did not, and up to when the first of them had asked. A run
-- is one look. It succeeded as far as the source gave an answer: a source that holds more than it gives (capped) did. Up
-- to a time, since a row that ends later was written by a clock that was wrong.
WITH looks AS (
    SELECT source, max(window_end) AS asked, max(window_end) FILTER (NOT failed) AS given,
        max(window_end) FILTER (NOT failed AND NOT capped) AS given_before_a_failure
    FROM coverage WHERE brand = $brand AND window_end <= $until
    GROUP BY source, run_id
),
answered AS (
    SELECT source, asked, CASE WHEN given = asked THEN given ELSE given_before_a_failure END AS given FROM looks
),
steps AS (
    SELECT source, given, epoch(given) - lag(epoch(given)) OVER (PARTITION BY source ORDER BY given) AS seconds,
        row_number() OVER (PARTITION BY source ORDER BY given DESC) AS place
    FROM (SELECT DISTINCT source, given FROM answered WHERE given IS NOT NULL)
),
given AS (
    SELECT source, max(given) AS given_until, median(seconds) FILTER (place <= 20) AS usual_seconds FROM steps GROUP BY source
)
SELECT source, any_value(given_until) AS given_until, max(asked) AS asked_until, any_value(usual_seconds) AS usual_seconds,
    count(*) FILTER (given_until IS NULL OR asked > given_until) AS in_vain,
    min(asked) FILTER (given_until IS NULL OR asked > given_until) AS in_vain_since
FROM answered LEFT JOIN given USING (source)
GROUP BY source
ORDER BY source;
