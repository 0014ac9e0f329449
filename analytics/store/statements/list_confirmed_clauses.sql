-- For each event to which a person says that a change of terms belongs: the day on which the first can have been read.
SELECT event_id, min(first_seen) AS first_seen, arg_min(document, first_seen) AS document
FROM (SELECT unnest(confirmed_events) AS event_id, first_seen, document FROM policy_history WHERE brand = $brand)
GROUP BY event_id ORDER BY event_id;
