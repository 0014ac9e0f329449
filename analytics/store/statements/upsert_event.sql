MERGE INTO policy_events
USING (VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))
    AS given (brand, event_id, title, themes, confirmed, clause_first_seen, effective, noticed, noticed_basis,
    responded, reversed, claims)
USING (brand, event_id)
WHEN MATCHED THEN UPDATE SET title = given.title, themes = given.themes, confirmed = given.confirmed,
    clause_first_seen = given.clause_first_seen, effective = given.effective, noticed = given.noticed,
    noticed_basis = given.noticed_basis, responded = given.responded, reversed = given.reversed, claims = given.claims
WHEN NOT MATCHED THEN INSERT BY NAME;
