INSERT INTO policy_confirmations (brand, document, recorded_at, event_id, confirmed, confirmed_by, confirmed_at)
VALUES ($brand, $document, $recorded_at, $event_id, $confirmed, $confirmed_by, $confirmed_at);
