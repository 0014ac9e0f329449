-- The outcome series of the brand, with their last day before the week's end: what people did, as its owner counts it.
SELECT name, max(day) AS last_day, count(*) AS days
FROM signals
WHERE brand = $brand AND kind = 'outcome' AND day < $week + INTERVAL 7 DAY
GROUP BY name ORDER BY name;
