SELECT recorded_at, text
FROM policy_versions
WHERE brand = $brand AND document = $document AND recorded_at IN ($first, $last);
