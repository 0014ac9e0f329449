-- One row a brand and post that mentions it, with the configured score and the themes. The place to start from.
-- key: brand, source, post_id
-- brand: slug of the brand
-- source: where the post comes from
-- post_id: its id there, or a hash of its fields where the source gives none
-- created_at: when it was posted, UTC
-- day: UTC day of created_at
-- week: Monday of that UTC week
-- author_key: keyed hash of source and handle; NULL where the author is unknown
-- voice: who speaks: the author key, or the post itself where the author is unknown (each such post is one voice)
-- kind: post, comment, review, story, question …
-- title: title, NULL where the source has none
-- text: the whole text as it was posted
-- lang: language as the source gives it: often its guess, or that of a menu
-- language: language of its words as read here (ISO 639-1); und where it cannot be told; NULL where it is not read yet
-- url: link to the post
-- thread_id: the discussion it belongs to
-- parent_id: the post it answers
-- rating: stars as the source gives them, NULL where it has none
-- neg: share of negative words by the configured scorer, 0 to 1
-- neu: share of neutral words, 0 to 1
-- pos: share of positive words, 0 to 1
-- compound: the configured scorer's result, −1 to 1
-- vote: sign of compound: 1 from 0.05, −1 to −0.05, else 0
-- themes: the themes it speaks of, sorted; empty list for none
-- practices: whether it speaks of data or AI practices
-- speaker: official (the brand's own handle), press (an article of a news feed); of posts on practices also what their own words say: official, press, leaving, administrator, customer; else unknown; see docs/speakers.md
-- copy_group: shared by posts with the same text of 40 characters or more, word for word or, where they speak of practices, nearly; NULL for shorter ones
-- why_not_scored: NULL where scored, else the reason: in another language (than the brand's), no text that can be scored, not scored yet
-- why_not_counted: NULL where it counts in the weekly numbers, else the reason
-- truncated: over 20,000 characters: matched and scored on the first 20,000
-- likes: newest observation
-- replies: newest observation
-- shares: newest observation
CREATE OR REPLACE VIEW brand_posts AS
SELECT b.brand, b.source, b.post_id, b.created_at, b.day, b.week, b.author_key, b.voice, b.kind, p.title, p.text, b.lang, b.language, p.url,
    b.thread_id, p.parent_id, b.rating, b.neg, b.neu, b.pos, b.compound, b.vote, b.themes, b.practices, b.speaker, b.copy_group,
    b.why_not_scored, b.why_not_counted, b.truncated, b.likes, b.replies, b.shares
FROM brand_posts_without_text AS b
    -- A post never moves in time: the third key lets a question about some weeks skip the texts of all others.
JOIN posts AS p ON p.source = b.source AND p.post_id = b.post_id AND p.created_at = b.created_at;
