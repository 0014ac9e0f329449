SELECT arriving.document, arriving.recorded_at, stored.text = arriving.text AS same, stored.origin, stored.reference
FROM arriving_versions AS arriving
JOIN policy_versions AS stored ON stored.brand = $brand
    AND stored.document = arriving.document AND stored.recorded_at = arriving.recorded_at
ORDER BY ALL;
