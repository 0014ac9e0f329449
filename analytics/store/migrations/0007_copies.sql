-- Copies of one text, word for word or nearly. Only hashes stand here; each goes with its post.
CREATE TABLE copy_signatures (  -- key: source, post_id
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL USING COMPRESSION zstd,
    version VARCHAR NOT NULL,           -- of the way in which the hashes are made
    bands UBIGINT[] NOT NULL,           -- of the text's MinHash signature: posts that share one are near-copies
    copy_group UBIGINT                  -- the first band of the group's first post; NULL: no copy is known
);
