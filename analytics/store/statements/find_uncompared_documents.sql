WITH ordered AS (
    SELECT document, recorded_at,
        lag(recorded_at) OVER (PARTITION BY document ORDER BY recorded_at) AS previous_at
    FROM policy_versions
    WHERE brand = $brand
)
SELECT ordered.document, count(*)
FROM ordered
LEFT JOIN policy_changes AS compared ON compared.brand = $brand AND compared.rules = $rules
    AND compared.document = ordered.document AND compared.recorded_at = ordered.recorded_at
    AND compared.previous_at = ordered.previous_at
WHERE ordered.previous_at IS NOT NULL AND compared.recorded_at IS NULL
GROUP BY ALL
ORDER BY ALL;
