UPDATE policy_events AS event
SET confirmed = true, clause_first_seen = coalesce(event.clause_first_seen, told.first_seen)
FROM (
    SELECT confirmation.event_id, min(history.first_seen) AS first_seen
    FROM policy_confirmations AS confirmation JOIN policy_history AS history USING (brand, document, recorded_at)
    WHERE confirmation.brand = $brand AND confirmation.confirmed
    GROUP BY ALL
) AS told
WHERE event.brand = $brand AND event.event_id = told.event_id;
