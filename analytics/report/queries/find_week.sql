-- The week to report on: the last one that was collected in full and has posts, else the last with posts, else the last.
SELECT week
FROM trust_weekly
WHERE brand = $brand AND scope = 'all'
ORDER BY (authors > 0 AND coverage = 'complete') DESC, authors > 0 DESC, week DESC
LIMIT 1;
