INSERT INTO policy_versions (brand, document, recorded_at, text, origin, reference, technical, stored_at)
SELECT $brand, document, recorded_at, text, origin, reference, technical, $stored_at
FROM arriving_versions
WHERE (document, recorded_at) NOT IN (SELECT (document, recorded_at) FROM policy_versions WHERE brand = $brand);
