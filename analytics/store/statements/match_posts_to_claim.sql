-- Which of posts_to_match voice or deny a claim. {voiced}, {denied}: its own conditions. A post that both find denies it.
INSERT INTO post_claims
SELECT source, post_id, $brand, $claim, $claim_hash, denies
FROM (
    SELECT source, post_id, ({denied}) AS denies, ({voiced}) AS voices
    FROM (
        SELECT p.source, p.post_id, left(concat_ws(chr(10), p.title, p.text), 20000) AS searched
        FROM posts AS p SEMI JOIN posts_to_match AS m ON m.source = p.source AND m.post_id = p.post_id
    )
)
WHERE denies OR voices;
