-- The week as it stands and with all posts that share a text as one voice; no row where no text is shared in it.
WITH measured AS (
    SELECT net_trust, net_trust_without_copies, practices_share, practices_share_without_copies,
        copies::DOUBLE AS copies, voices, voices_without_copies
    FROM copies_weekly WHERE brand = $brand AND week = $week AND copies > 0
)
SELECT 'copies_weekly/' || $brand || '/' || $week || '/all/' || measure AS figure_id, $brand AS brand, $week AS week, 'all' AS scope,
    measure, value, NULL::DOUBLE AS low, NULL::DOUBLE AS high,
    (CASE WHEN measure LIKE '%without_copies' THEN voices_without_copies ELSE voices END)::BIGINT AS n
FROM measured UNPIVOT (value FOR measure IN (net_trust, net_trust_without_copies, practices_share, practices_share_without_copies, copies))
ORDER BY figure_id;
