-- The versions of a document from $first to $last, the oldest first.
SELECT recorded_at, text FROM policy_versions
WHERE brand = $brand AND document = $document AND recorded_at BETWEEN $first AND $last ORDER BY recorded_at;
