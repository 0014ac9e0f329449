-- The whole 7-day bins of which one starts on $event_date, between the first day collected and $as_of, that are not counted.
CREATE OR REPLACE TEMP TABLE bins_to_count AS
WITH days AS (SELECT min(day) AS first_day, max(day) AS last_day FROM coverage_daily WHERE brand = $brand AND covered_hours > 0),
bins AS (
    SELECT $event_date::DATE + 7 * unnest(range(
        floor(date_diff('day', $event_date::DATE, first_day) / 7.0)::BIGINT,
        floor(date_diff('day', $event_date::DATE, least(last_day + 1, $as_of::DATE)) / 7.0)::BIGINT))::INTEGER AS start
    FROM days
)
SELECT start::DATE AS start FROM bins
ANTI JOIN (SELECT start FROM counted_bins WHERE brand = $brand AND counted_by = $counted_by) AS c USING (start);
