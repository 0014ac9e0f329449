MERGE INTO quarantine USING given_rows AS given USING (source, file, line)
WHEN MATCHED THEN UPDATE SET reason = given.reason, payload = given.payload, run_id = given.run_id,
    quarantined_at = given.quarantined_at, expires_at = given.expires_at
WHEN NOT MATCHED THEN INSERT BY NAME;
