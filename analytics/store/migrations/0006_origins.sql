-- Who speaks, and in which language: read from each post's own words. One row a post, replaced when newer rules read it.
CREATE TABLE post_languages (  -- key: source, post_id
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL USING COMPRESSION zstd,
    version VARCHAR NOT NULL,           -- of the language detector
    language VARCHAR NOT NULL           -- ISO 639-1; und: it cannot be told
);

CREATE TABLE post_speakers (  -- key: source, post_id; only of posts on data and AI practices
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL USING COMPRESSION zstd,
    version VARCHAR NOT NULL,           -- of the rules for speakers
    speaker VARCHAR NOT NULL            -- by the post's own words; unknown: they do not say
);

-- The language of a brand's file. Posts in another one are counted and not scored.
CREATE TABLE brand_languages (
    brand VARCHAR PRIMARY KEY,
    language VARCHAR NOT NULL           -- ISO 639-1, without a region
);
