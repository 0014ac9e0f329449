-- Net trust expression by week, for the brand and its peers: an empty week is a row without a value.
SELECT 'trust_weekly/' || brand || '/' || week || '/all/net_trust' AS figure_id, brand, week, 'all' AS scope,
    'net_trust' AS measure, net_trust AS value, low, high, authors AS n, thin, coverage
FROM trust_weekly
WHERE scope = 'all' AND week BETWEEN $since AND $week
    AND (brand = $brand OR brand IN (SELECT peer FROM brand_peers WHERE brand = $brand))
ORDER BY brand <> $brand, brand, week;
