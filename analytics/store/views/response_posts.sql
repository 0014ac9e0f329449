-- One row a brand, event with a response and post of the 28 days from it: whether it speaks of the response, and what it says.
-- key: brand, event_id, source, post_id
-- brand: slug of the brand
-- event_id: the policy event
-- responded: day of the response
-- source: where the post stood
-- post_id: its id there
-- week: Monday of the UTC week
-- day: its day, UTC
-- voice: who speaks, without a name; a post without an author is a voice of its own
-- speaker: as in brand_posts; the brand's own posts (official) are in no share
-- stance: accepts, rejects, neither (or both) for a post that speaks of the response; silent for one that does not; by rules, see docs/reception.md
-- evidence: the words by which it speaks of the response, folded; empty for a silent one
-- why_not_counted: why it is not among the numbers; NULL where it is
-- title: its title
-- text: its text
-- url: where it can be read
CREATE OR REPLACE VIEW response_posts AS
SELECT p.brand, e.event_id, e.responded, p.source, p.post_id, p.week, p.day, p.voice, p.speaker, r.stance, r.evidence, p.why_not_counted,
    p.title, p.text, p.url
FROM policy_events AS e
JOIN brand_posts AS p ON p.brand = e.brand AND p.day >= e.responded AND p.day < e.responded + 28
JOIN post_reception AS r ON r.brand = p.brand AND r.source = p.source AND r.post_id = p.post_id;
