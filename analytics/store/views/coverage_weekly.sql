-- One row a brand and week: how much of the week was collected over all of the brand's sources.
-- key: brand, week
-- brand: slug of the brand
-- week: Monday of the UTC week
-- coverage: complete, partial or none
-- complete_days: source-days collected in full
-- expected_days: source-days there are: 7 for each source between its first and last request
-- not_collected: the sources with missing days and their count, as text; NULL where complete
CREATE OR REPLACE VIEW coverage_weekly AS
WITH by_source AS (
    SELECT brand, date_trunc('week', day)::DATE AS week, source, count(*) FILTER (status = 'complete') AS complete_days,
        count(*) AS expected_days, sum(covered_hours) AS hours
    FROM coverage_daily GROUP BY ALL
)
SELECT brand, week,
    CASE WHEN sum(complete_days) = sum(expected_days) THEN 'complete' WHEN sum(hours) = 0 THEN 'none' ELSE 'partial' END AS coverage,
    sum(complete_days)::BIGINT AS complete_days, sum(expected_days)::BIGINT AS expected_days,
    string_agg(source || ': ' || (expected_days - complete_days) || ' of ' || expected_days || ' days', ', ' ORDER BY source)
        FILTER (complete_days < expected_days) AS not_collected
FROM by_source GROUP BY brand, week;
