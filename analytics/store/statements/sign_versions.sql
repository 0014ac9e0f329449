-- Equal to what it was: no version of the document has come since. Versions are added and never rewritten.
SELECT count(*), max(recorded_at)::VARCHAR FROM policy_versions WHERE brand = $brand AND document = $document;
