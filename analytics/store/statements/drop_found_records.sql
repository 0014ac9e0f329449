DELETE FROM quarantine AS q WHERE EXISTS (
    SELECT 1 FROM found_records AS f WHERE f.source = q.source AND f.file = q.file AND f.line = q.line);
