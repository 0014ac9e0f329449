-- Who speaks, and in which language: read from each post's own words.

-- One row a post, replaced when a newer version of detector or rules reads it again.
CREATE TABLE post_origins (  -- key: source, post_id
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL,
    version VARCHAR NOT NULL,           -- of the language detector and the rules for speakers
    language VARCHAR NOT NULL,          -- ISO 639-1; und: it cannot be told
    speaker VARCHAR NOT NULL            -- by the post's own words; unknown: they do not say
);

-- The language of a brand's file. Posts in another one are counted and not scored.
CREATE TABLE brand_languages (
    brand VARCHAR PRIMARY KEY,
    language VARCHAR NOT NULL           -- ISO 639-1, without a region
);
