SELECT brand, document, recorded_at, stated_effective, direction, coalesce(themes, []) AS themes,
    coalesce(telling, '') AS telling, noise, confirmed_events, rejected_events, previous_at IS NULL AS first
FROM policy_history
WHERE $brand IS NULL OR brand = $brand
ORDER BY brand, recorded_at, document;
