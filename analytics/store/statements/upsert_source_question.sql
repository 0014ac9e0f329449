-- By which hash a brand asks a live source now.
INSERT INTO source_questions VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET query_hash = excluded.query_hash;
