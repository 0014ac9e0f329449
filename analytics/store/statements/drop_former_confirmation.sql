DELETE FROM policy_confirmations
WHERE brand = $brand AND document = $document AND recorded_at = $recorded_at AND event_id = $event_id;
