MERGE INTO cursors
USING (VALUES (?, ?, ?, ?, ?)) AS given (source, query_hash, "window", cursor, updated_at)
USING (source, query_hash, "window")
WHEN MATCHED THEN UPDATE SET cursor = given.cursor, updated_at = given.updated_at
WHEN NOT MATCHED THEN INSERT BY NAME;
