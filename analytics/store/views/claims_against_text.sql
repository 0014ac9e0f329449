-- One row a claim of a brand file: how many voice it, what the terms have of it now and at its event, and what a person confirmed.
-- key: brand, claim
-- brand: slug of the brand
-- claim: the claim's id
-- place: its place in the brand file, from 0
-- says: the claim in words
-- status: a person's word on the terms: in_text, was (until), never; unconfirmed: nobody has said
-- since: first day on which the terms said so, by that person; NULL where not given
-- until: first day on which they no longer did, by that person; NULL where not given
-- checked_by: who read the terms; NULL where nobody has said so
-- checked_on: and when
-- document: the terms that are meant
-- clause_now: by the newest version: in_text (a sentence speaks of it, whatever it says), not_found, no_text (none recorded)
-- clause_since: day on which the version was recorded that is the first to have it so; NULL for no_text
-- quotations: the sentences by the newest version; empty where there are none
-- event_id: the newest event of the brand file that names the claim; NULL where none does
-- event_date: the event's date that is tested: noticed, else effective, else when the clause was first seen
-- clause_at_event: as clause_now, by the version recorded last before event_date; NULL without an event
-- quotations_at_event: the sentences by that version
-- first_week: first week in which anybody voiced it
-- last_week: last week in which anybody did
-- peak_week: of the weeks collected in full with 10 authors or more, that of the largest share above 0, the first of equal ones; NULL for none
-- peak_authors: voices that voice it in that week
-- peak_authors_all: voices in all in that week
-- peak_share: 100·peak_authors/peak_authors_all, 0 to 100
-- peak_low: lower end of its 95 % Wilson interval, sampling only; of the largest of many, so its own week is flattered
-- peak_high: upper end
-- week: the newest week that was collected in full and is counted; NULL for none
-- authors: voices that voice it in that week
-- authors_all: voices in all in that week
-- share: 100·authors/authors_all, 0 to 100
-- low: lower end of the 95 % Wilson interval, sampling only; NULL under 10 authors
-- high: upper end
-- weeks_before: of the eight weeks before that one, those collected in full and counted
-- authors_before: voices that voice it in those, a vote for each week
-- authors_all_before: voices in all in those, a vote for each week
-- share_before: 100·authors_before/authors_all_before
-- change: share − share_before, in points
-- change_low: lower end of its 95 % interval (Newcombe 1998, hybrid score), sampling only; NULL under 10 authors on either side
-- change_high: upper end
CREATE OR REPLACE VIEW claims_against_text AS
WITH voiced AS (
    SELECT brand, claim, min(week) AS first_week, max(week) AS last_week FROM claims_weekly WHERE authors > 0 GROUP BY brand, claim
),
comparable AS (
    SELECT *, max(week) OVER (PARTITION BY brand, claim) AS newest
    FROM claims_weekly WHERE coverage = 'complete' AND authors IS NOT NULL
),
peaks AS (
    SELECT * FROM comparable WHERE authors > 0 AND authors_all >= 10
    QUALIFY row_number() OVER (PARTITION BY brand, claim ORDER BY share DESC, week) = 1
),
newest AS (SELECT * FROM comparable WHERE week = newest),
earlier AS (
    SELECT brand, claim, count(*) AS weeks_before, sum(authors)::BIGINT AS authors_before, sum(authors_all)::BIGINT AS authors_all_before
    FROM comparable WHERE week < newest AND week >= newest - INTERVAL 56 DAY GROUP BY brand, claim
),
usual AS (
    SELECT *, authors_before / nullif(authors_all_before, 0) AS p, 1.959964 ^ 2 / nullif(authors_all_before, 0) AS z2n FROM earlier
),
bounded AS (
    SELECT *, 100 * p AS share_before,
        100 * greatest(0, (p + z2n / 2 - sqrt(z2n * (p * (1 - p) + z2n / 4))) / (1 + z2n)) AS low_before,
        100 * least(1, (p + z2n / 2 + sqrt(z2n * (p * (1 - p) + z2n / 4))) / (1 + z2n)) AS high_before,
        authors_all_before >= 10 AS enough
    FROM usual
),
events AS (
    SELECT e.brand, n.claim, max_by(e.event_id, coalesce(e.noticed, e.effective, e.clause_first_seen)) AS event_id,
        max(coalesce(e.noticed, e.effective, e.clause_first_seen)) AS event_date
    FROM policy_events AS e, (SELECT unnest(e.claims) AS claim) AS n GROUP BY e.brand, n.claim
),
at_event AS (
    SELECT e.brand, e.claim, e.event_id, e.event_date, s.state, s.quotations
    FROM events AS e
    ASOF LEFT JOIN clause_states AS s ON s.brand = e.brand AND s.claim = e.claim AND e.event_date::TIMESTAMP > s.recorded_at
),
last_states AS (
    SELECT brand, claim, max_by(state, recorded_at) AS state, max(recorded_at)::DATE AS recorded_on, max_by(quotations, recorded_at) AS quotations
    FROM clause_states GROUP BY brand, claim
)
SELECT c.brand, c.claim, c.place, c.says, c.status, c.since, c.until, nullif(c.checked_by, '') AS checked_by, c.checked_on, c.document,
    coalesce(s.state, 'no_text') AS clause_now, s.recorded_on AS clause_since, coalesce(s.quotations, []::VARCHAR[]) AS quotations,
    a.event_id, a.event_date, CASE WHEN a.event_id IS NOT NULL THEN coalesce(a.state, 'no_text') END AS clause_at_event,
    coalesce(a.quotations, []::VARCHAR[]) AS quotations_at_event,
    v.first_week, v.last_week, k.week AS peak_week, k.authors AS peak_authors, k.authors_all AS peak_authors_all, k.share AS peak_share,
    k.low AS peak_low, k.high AS peak_high, n.week, n.authors, n.authors_all, n.share, n.low, n.high,
    coalesce(b.weeks_before, 0) AS weeks_before, coalesce(b.authors_before, 0) AS authors_before,
    coalesce(b.authors_all_before, 0) AS authors_all_before, b.share_before, n.share - b.share_before AS change,
    CASE WHEN b.enough THEN n.share - b.share_before - sqrt((n.share - n.low) ^ 2 + (b.high_before - b.share_before) ^ 2) END AS change_low,
    CASE WHEN b.enough THEN n.share - b.share_before + sqrt((n.high - n.share) ^ 2 + (b.share_before - b.low_before) ^ 2) END AS change_high
FROM claims AS c
LEFT JOIN last_states AS s ON s.brand = c.brand AND s.claim = c.claim
LEFT JOIN at_event AS a ON a.brand = c.brand AND a.claim = c.claim
LEFT JOIN voiced AS v ON v.brand = c.brand AND v.claim = c.claim
LEFT JOIN peaks AS k ON k.brand = c.brand AND k.claim = c.claim
LEFT JOIN newest AS n ON n.brand = c.brand AND n.claim = c.claim
LEFT JOIN bounded AS b ON b.brand = c.brand AND b.claim = c.claim;
