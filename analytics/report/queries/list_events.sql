-- The brand's policy events, newest first by their tested day: the day of notice, without one the day it took effect,
-- without that the day its clause was first seen.
SELECT event_id, title, themes, confirmed, clause_first_seen, effective, noticed, noticed_basis, responded, reversed
FROM policy_events
WHERE brand = $brand AND coalesce(noticed, effective, clause_first_seen) IS NOT NULL
ORDER BY coalesce(noticed, effective, clause_first_seen) DESC, event_id;
