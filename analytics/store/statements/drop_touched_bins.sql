-- Bins with a day of the temporary table touched_days (brand, day) have to be counted again; on whatever weekday they start.
DELETE FROM {table} AS b
USING (SELECT DISTINCT brand, (day - unnest(range(7))::INTEGER)::DATE AS start FROM touched_days) AS t
WHERE t.brand = b.brand AND t.start = b.start;
