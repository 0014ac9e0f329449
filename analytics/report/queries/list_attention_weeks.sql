-- Attention by week, for the brand and its peers: the share of authors on the event's themes, and on all data practices.
SELECT 'attention_weekly/' || brand || '/' || week || '/' || theme || '/attention' AS figure_id, brand, week, theme AS scope,
    'attention' AS measure, share AS value, low, high, authors_all AS n, authors_all < 50 AS thin, coverage
FROM attention_weekly
WHERE theme IN ('practices', $event_scope) AND week BETWEEN $since AND $week
    AND (brand = $brand OR (theme = coalesce($event_scope, 'practices') AND brand IN (SELECT peer FROM brand_peers WHERE brand = $brand)))
ORDER BY brand <> $brand, brand, theme, week;
