-- One row a brand, claim and post that voices or contradicts it: what to read before relying on a share.
-- key: brand, claim, source, post_id
-- brand: slug of the brand
-- claim: the claim's id
-- says: the claim in words
-- source: where the post stood
-- post_id: its id there
-- week: Monday of the UTC week
-- day: its day, UTC
-- voice: who speaks, without a name; a post without an author is a voice of its own
-- speaker: what the post says of its author
-- denies: whether it contradicts the claim; false: voices it
-- why_not_counted: why it is not among the numbers; NULL where it is
-- title: its title
-- text: its text
-- url: where it can be read
CREATE OR REPLACE VIEW claim_posts AS
SELECT p.brand, c.claim, c.says, p.source, p.post_id, p.week, p.day, p.voice, p.speaker, m.denies, p.why_not_counted, p.title, p.text, p.url
FROM post_claims AS m
JOIN claims AS c ON c.brand = m.brand AND c.claim = m.claim AND c.claim_hash = m.claim_hash
JOIN brand_posts AS p ON p.brand = m.brand AND p.source = m.source AND p.post_id = m.post_id;
