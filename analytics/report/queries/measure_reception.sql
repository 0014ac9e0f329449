-- How the response to the newest event is taken, in its 28 days and up to the report's week: authors who speak of it among all who post,
-- and among them those who accept it, reject it, or neither. The brand's own posts are left out; who does both in his posts does neither.
-- Shares are 0 to 100 with Wilson intervals; n is what a share is of, and under 10 there is none.
WITH event AS (
    SELECT e.responded, coalesce(l.language, 'en') AS language
    FROM policy_events AS e LEFT JOIN brand_languages AS l ON l.brand = e.brand
    WHERE e.brand = $brand AND e.event_id = $event_id AND e.responded < $week::DATE + 7
),
voices AS (
    SELECT source, voice, bool_or(stance <> 'silent') AS speaks, bool_or(stance = 'accepts') AS accepts, bool_or(stance = 'rejects') AS rejects
    FROM brand_posts_without_text AS p JOIN post_reception AS r USING (brand, source, post_id)
    WHERE brand = $brand AND why_not_counted IS NULL AND speaker <> 'official'
        AND created_at >= $responded::DATE AND created_at < $responded::DATE + 28 AND created_at < $week::DATE + 7
    GROUP BY source, voice
),
counted AS (
    SELECT count(*) AS everybody, count(*) FILTER (speaks) AS speaking, count(*) FILTER (accepts AND NOT rejects) AS accepting,
        count(*) FILTER (rejects AND NOT accepts) AS rejecting, count(*) FILTER (speaks AND accepts = rejects) AS undecided
    FROM voices
),
told AS (
    SELECT 'everybody' AS measure, everybody AS part, everybody AS whole FROM counted
    UNION ALL SELECT 'speaking', speaking, everybody FROM counted
    UNION ALL SELECT 'share', speaking, everybody FROM counted
    UNION ALL SELECT 'accepts', accepting, speaking FROM counted
    UNION ALL SELECT 'rejects', rejecting, speaking FROM counted
    UNION ALL SELECT 'neither', undecided, speaking FROM counted
),
shared AS (SELECT *, part / whole AS p, 1.959964 ^ 2 / whole AS z2n, measure NOT IN ('everybody', 'speaking') AS is_share FROM told)
SELECT 'reception/' || $brand || '/' || $event_id || '/' || s.measure AS figure_id, $brand AS brand, $week AS week, 'event:' || $event_id AS scope,
    'reception_' || s.measure AS figure_measure, s.measure, CASE WHEN NOT s.is_share THEN s.part WHEN s.whole >= 10 THEN 100 * s.p END AS value,
    CASE WHEN s.is_share AND s.whole >= 10 THEN 100 * greatest(0, (s.p + s.z2n / 2 - sqrt(s.z2n * (s.p * (1 - s.p) + s.z2n / 4))) / (1 + s.z2n)) END AS low,
    CASE WHEN s.is_share AND s.whole >= 10 THEN 100 * least(1, (s.p + s.z2n / 2 + sqrt(s.z2n * (s.p * (1 - s.p) + s.z2n / 4))) / (1 + s.z2n)) END AS high,
    s.whole AS n, e.responded, e.language
FROM shared AS s CROSS JOIN event AS e
ORDER BY figure_id;
