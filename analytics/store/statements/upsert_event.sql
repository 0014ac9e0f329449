INSERT INTO policy_events (brand, event_id, title, themes, confirmed, clause_first_seen, effective, noticed,
    noticed_basis, responded, reversed, claims)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET title = excluded.title, themes = excluded.themes, confirmed = excluded.confirmed,
    clause_first_seen = excluded.clause_first_seen, effective = excluded.effective, noticed = excluded.noticed,
    noticed_basis = excluded.noticed_basis, responded = excluded.responded, reversed = excluded.reversed,
    claims = excluded.claims;
