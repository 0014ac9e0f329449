-- The brand's policy events whose tested day lies before the week's end, newest first: the day of notice, without one
-- the day it took effect, without that the day its clause was first seen.
SELECT event_id, title, themes, confirmed, clause_first_seen, effective, noticed, noticed_basis, responded, reversed
FROM policy_events
WHERE brand = $brand AND coalesce(noticed, effective, clause_first_seen) < $week + INTERVAL 7 DAY
ORDER BY coalesce(noticed, effective, clause_first_seen) DESC, event_id;
