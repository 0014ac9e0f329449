INSERT INTO quarantine (source, file, line, reason, payload, run_id, quarantined_at, expires_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET reason = excluded.reason, payload = excluded.payload, run_id = excluded.run_id,
    quarantined_at = excluded.quarantined_at, expires_at = excluded.expires_at;
