-- The brand's policy events that were noticed before the week's end, and those without a day of notice; newest first.
SELECT event_id, title, themes, confirmed, clause_first_seen, effective, noticed, noticed_basis, responded, reversed
FROM policy_events
WHERE brand = $brand AND (noticed IS NULL OR noticed < $week + INTERVAL 7 DAY)
ORDER BY noticed DESC NULLS LAST, event_id;
