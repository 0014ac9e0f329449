-- One row a brand and week with posts that count: what its numbers are, and what they would be if all copies of one text were one voice.
-- key: brand, week
-- brand: slug of the brand
-- week: Monday of the UTC week
-- posts: posts that count
-- copies: of these, posts beyond the first of their group in the week
-- groups: groups of which more than one post stands in the week
-- voices: voices
-- voices_without_copies: the same, where all posts of a group are one voice
-- net_trust: 100·(positive − negative)/voices by the configured scorer, one vote a voice, as the posts stand now
-- net_trust_without_copies: the same, where all posts of a group are one voice
-- practices_share: share of voices that speak of data or AI practices, 0 to 100
-- practices_share_without_copies: the same, where all posts of a group are one voice
CREATE OR REPLACE VIEW copies_weekly AS
WITH spoken AS NOT MATERIALIZED (  -- so that of some weeks only the posts are read
    SELECT brand, week, voice, copy_group, compound, practices,
        CASE WHEN copy_group IS NOT NULL AND count(*) OVER (PARTITION BY brand, week, copy_group) > 1
            THEN 'copies:' || copy_group ELSE voice END AS voice_without_copies
    FROM brand_posts_without_text WHERE why_not_counted IS NULL
),
voices AS (
    SELECT brand, week, voice, sum(compound::DECIMAL(18, 6))::DOUBLE / count(*) AS mean, bool_or(practices) AS practices FROM spoken GROUP BY ALL
),
voices_without_copies AS (
    SELECT brand, week, voice_without_copies, sum(compound::DECIMAL(18, 6))::DOUBLE / count(*) AS mean, bool_or(practices) AS practices
    FROM spoken GROUP BY ALL
),
raw AS (
    SELECT brand, week, count(*) AS voices,
        100.0 * (count(*) FILTER (mean >= 0.05) - count(*) FILTER (mean <= -0.05)) / count(*) AS net_trust,
        100.0 * count(*) FILTER (practices) / count(*) AS practices_share
    FROM voices GROUP BY brand, week
),
without_copies AS (
    SELECT brand, week, count(*) AS voices,
        100.0 * (count(*) FILTER (mean >= 0.05) - count(*) FILTER (mean <= -0.05)) / count(*) AS net_trust,
        100.0 * count(*) FILTER (practices) / count(*) AS practices_share
    FROM voices_without_copies GROUP BY brand, week
),
grouped AS (
    SELECT brand, week, sum(posts)::BIGINT AS posts, (sum(posts - 1) FILTER (copy_group IS NOT NULL))::BIGINT AS copies,
        count(*) FILTER (copy_group IS NOT NULL AND posts > 1) AS groups
    FROM (SELECT brand, week, copy_group, count(*) AS posts FROM spoken GROUP BY ALL) GROUP BY brand, week
)
SELECT r.brand, r.week, g.posts, coalesce(g.copies, 0) AS copies, g.groups, r.voices, w.voices AS voices_without_copies,
    r.net_trust, w.net_trust AS net_trust_without_copies, r.practices_share, w.practices_share AS practices_share_without_copies
FROM raw AS r JOIN without_copies AS w USING (brand, week) JOIN grouped AS g USING (brand, week);
