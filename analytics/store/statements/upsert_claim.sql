-- What was read of the terms for a claim stays known: whether it still holds is for the reading itself to see.
INSERT INTO claims (brand, claim, place, says, claim_hash, document, clause, status, since, until, checked_by, checked_on, reading)
VALUES ($brand, $claim, $place, $says, $claim_hash, $document, $clause, $status, $since, $until, $checked_by, $checked_on, '')
ON CONFLICT DO UPDATE SET place = excluded.place, says = excluded.says, claim_hash = excluded.claim_hash,
    document = excluded.document, clause = excluded.clause, status = excluded.status, since = excluded.since,
    until = excluded.until, checked_by = excluded.checked_by, checked_on = excluded.checked_on;
