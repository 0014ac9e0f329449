-- One row a brand, event and signal: the day on which the event was noticed, as the signal proposes it; the last look of `brandtrust policy notice`.
-- key: brand, event_id, signal
-- brand: slug of the brand
-- event_id: the policy event, or the one that a confirmed change of terms belongs to
-- signal: as the brand file names it; stories of a source
-- basis: independent, or same_posts: counted on a source whose posts are tested, so that nothing may be tested on that day
-- noticed: the first day of the first surge; NULL where the signal proposes none
-- value: of the signal on that day
-- usual: what such a weekday is like, by the twelve weeks before
-- times: value / usual; NULL where the usual is 0
-- searched_from: the day from which on the clause is known
-- searched_to: the last day looked at, whether it has a value or not
-- declared: the day of notice that the brand file declares; NULL where it declares none
-- reason: why no day is proposed, or what limits it
-- looked_at: day of the look, UTC
CREATE OR REPLACE VIEW notice_proposals AS
SELECT brand, event_id, signal, basis, day AS noticed, value, usual, times, searched_from, searched_to, declared, reason, looked_at
FROM event_notices;
