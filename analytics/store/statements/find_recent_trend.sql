-- The last weeks of a brand, newest first, in numbers only.
SELECT strftime(week, '%Y-%m-%d') AS week, round(net_trust, 1) AS "net trust", round(low, 1) AS low, round(high, 1) AS high,
    authors, posts, coverage AS collected
FROM trust_weekly WHERE brand = $brand AND scope = 'all'
ORDER BY trust_weekly.week DESC LIMIT $weeks;
