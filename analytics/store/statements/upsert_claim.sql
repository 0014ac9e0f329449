-- What was read of the terms for a claim stays known: whether it still holds is for the reading itself to see.
MERGE INTO claims
USING (VALUES ($brand, $claim, $place, $says, $claim_hash, $document, $clause, $status, $since, $until, $checked_by,
    $checked_on, ''))
    AS given (brand, claim, place, says, claim_hash, document, clause, status, since, until, checked_by, checked_on,
    reading)
USING (brand, claim)
WHEN MATCHED THEN UPDATE SET place = given.place, says = given.says, claim_hash = given.claim_hash,
    document = given.document, clause = given.clause, status = given.status, since = given.since, until = given.until,
    checked_by = given.checked_by, checked_on = given.checked_on
WHEN NOT MATCHED THEN INSERT BY NAME;
