-- One row a brand, signal and day: what is counted a day and is no post, such as page views, or customers who left.
-- key: brand, name, day
-- brand: slug of the brand
-- name: the signal, as the brand file names it
-- kind: attention (who looked) or outcome (what people did)
-- day: UTC day; a weekly series stands on the days that its file names
-- value: the count, rate or score of that day
-- usual: median of the 56 days before, of those that have a value; NULL under 28
-- unusual: more than twice the usual and six robust deviations (1.4826 times the median absolute deviation) above it
CREATE OR REPLACE VIEW signals_daily AS
WITH past AS (
    SELECT brand, name, kind, day, value,
        count(*) OVER before_it AS days,
        median(value) OVER before_it AS usual,
        mad(value) OVER before_it AS deviation
    FROM signals
    WINDOW before_it AS (PARTITION BY brand, name ORDER BY day
        RANGE BETWEEN INTERVAL 56 DAY PRECEDING AND INTERVAL 1 DAY PRECEDING)
)
SELECT brand, name, kind, day, value,
    CASE WHEN days >= 28 THEN usual END AS usual,
    days >= 28 AND value > 2 * usual AND value > usual + 6 * 1.4826 * deviation AND value >= 3 AS unusual
FROM past;
