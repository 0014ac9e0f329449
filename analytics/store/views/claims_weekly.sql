-- One row a brand, week and claim of its brand file: who voices the claim, and what the terms had of it.
-- key: brand, week, claim
-- brand: slug of the brand
-- week: Monday of the UTC week
-- claim: the claim's id
-- says: the claim in words
-- authors: voices that voice it, by its query; NULL where the week is not counted by the present query yet
-- authors_all: voices in all
-- share: 100·authors/authors_all, 0 to 100; NULL where nobody spoke at all
-- low: lower end of the 95 % Wilson interval, sampling only; NULL under 10 authors
-- high: upper end
-- posts: posts that voice it
-- denying_authors: voices that contradict it, by its denied_by; one may do both in two posts
-- denying_posts: posts that contradict it
-- practices_authors: voices that voice it in a post on data and AI practices
-- practices_authors_all: voices with a post on data and AI practices
-- practices_share: 100·practices_authors/practices_authors_all; NULL where there are none
-- practices_low: lower end of its 95 % Wilson interval, sampling only; NULL under 10 authors
-- practices_high: upper end
-- coverage: complete, partial, none
-- clause: by the version recorded last before the week: in_text (a sentence speaks of it, whatever it says), not_found, no_text (none recorded yet)
-- clause_at_end: by the version recorded last before the week's end
-- clause_changed: first day of the week on which a version with other sentences on it was recorded; NULL for none
-- quotations: the sentences by the version recorded last before the week; empty where there are none
CREATE OR REPLACE VIEW claims_weekly AS
WITH counted AS (
    SELECT v.brand, v.week, v.coverage, c.claim, c.place, c.says, k.week IS NULL AND (n.week IS NOT NULL OR t.week IS NOT NULL) AS waiting,
        coalesce(k.authors, 0) AS authors, coalesce(k.authors_all, 0) AS authors_all, coalesce(k.posts, 0) AS posts,
        coalesce(k.denying_authors, 0) AS denying_authors, coalesce(k.denying_posts, 0) AS denying_posts,
        coalesce(k.practices_authors, 0) AS practices_authors, coalesce(k.practices_authors_all, 0) AS practices_authors_all
    FROM coverage_weekly AS v
    JOIN claims AS c ON c.brand = v.brand
    JOIN brands AS b ON b.brand = v.brand
    LEFT JOIN weekly_numbers AS n
        ON n.brand = v.brand AND n.week = v.week AND n.scope = 'all' AND n.scorer = b.scorer AND n.version = b.scorer_version
    LEFT JOIN stale_weeks AS t ON t.brand = v.brand AND t.week = v.week
    LEFT JOIN claim_weeks AS k ON k.brand = v.brand AND k.week = v.week AND k.claim = c.claim AND k.claim_hash = c.claim_hash
),
shared AS (
    SELECT *, authors / nullif(authors_all, 0) AS p, 1.959964 ^ 2 / nullif(authors_all, 0) AS z2n,
        practices_authors / nullif(practices_authors_all, 0) AS q, 1.959964 ^ 2 / nullif(practices_authors_all, 0) AS y2n
    FROM counted
),
changed AS (
    SELECT s.brand, s.claim, date_trunc('week', s.recorded_at)::DATE AS week, min(s.recorded_at)::DATE AS clause_changed
    FROM clause_states AS s GROUP BY ALL
)
SELECT w.brand, w.week, w.claim, w.says,
    CASE WHEN NOT w.waiting THEN w.authors END AS authors, CASE WHEN NOT w.waiting THEN w.authors_all END AS authors_all,
    CASE WHEN NOT w.waiting THEN 100 * w.p END AS share,
    CASE WHEN w.authors_all >= 10 THEN
        100 * greatest(0, (w.p + w.z2n / 2 - sqrt(w.z2n * (w.p * (1 - w.p) + w.z2n / 4))) / (1 + w.z2n)) END AS low,
    CASE WHEN w.authors_all >= 10 THEN
        100 * least(1, (w.p + w.z2n / 2 + sqrt(w.z2n * (w.p * (1 - w.p) + w.z2n / 4))) / (1 + w.z2n)) END AS high,
    CASE WHEN NOT w.waiting THEN w.posts END AS posts, CASE WHEN NOT w.waiting THEN w.denying_authors END AS denying_authors,
    CASE WHEN NOT w.waiting THEN w.denying_posts END AS denying_posts,
    CASE WHEN NOT w.waiting THEN w.practices_authors END AS practices_authors,
    CASE WHEN NOT w.waiting THEN w.practices_authors_all END AS practices_authors_all,
    100 * w.q AS practices_share,
    CASE WHEN w.practices_authors_all >= 10 THEN
        100 * greatest(0, (w.q + w.y2n / 2 - sqrt(w.y2n * (w.q * (1 - w.q) + w.y2n / 4))) / (1 + w.y2n)) END AS practices_low,
    CASE WHEN w.practices_authors_all >= 10 THEN
        100 * least(1, (w.q + w.y2n / 2 + sqrt(w.y2n * (w.q * (1 - w.q) + w.y2n / 4))) / (1 + w.y2n)) END AS practices_high,
    w.coverage, coalesce(s.state, 'no_text') AS clause, coalesce(e.state, 'no_text') AS clause_at_end, d.clause_changed,
    coalesce(s.quotations, []::VARCHAR[]) AS quotations
FROM shared AS w
ASOF LEFT JOIN clause_states AS s ON s.brand = w.brand AND s.claim = w.claim AND w.week::TIMESTAMP > s.recorded_at
ASOF LEFT JOIN clause_states AS e ON e.brand = w.brand AND e.claim = w.claim AND w.week::TIMESTAMP + INTERVAL 7 DAY > e.recorded_at
LEFT JOIN changed AS d ON d.brand = w.brand AND d.claim = w.claim AND d.week = w.week;
