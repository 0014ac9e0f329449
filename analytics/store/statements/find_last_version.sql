SELECT text FROM policy_versions WHERE brand = $brand AND document = $document ORDER BY recorded_at DESC LIMIT 1;
