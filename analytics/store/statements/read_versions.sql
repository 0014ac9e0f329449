SELECT recorded_at, text
FROM policy_versions
WHERE brand = $brand AND document = $document
ORDER BY recorded_at;
