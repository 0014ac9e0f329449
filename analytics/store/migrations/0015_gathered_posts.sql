-- What is read of a post stands in many tables, one for each reader. Here it is gathered, a row a brand and post, so that a
-- question costs what it asks and not what is stored; brand_posts reads it. See analytics/store/gathering.py.
CREATE TABLE gathered_posts (  -- key: brand, source, post_id
    brand VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL USING COMPRESSION zstd,
    author_key VARCHAR USING COMPRESSION zstd,
    created_at TIMESTAMP NOT NULL,
    kind VARCHAR NOT NULL,
    lang VARCHAR,
    thread_id VARCHAR,
    rating DOUBLE,
    truncated BOOLEAN NOT NULL,
    language VARCHAR,
    neg DOUBLE,
    neu DOUBLE,
    pos DOUBLE,
    compound DOUBLE,
    themes VARCHAR[] NOT NULL,
    practices BOOLEAN NOT NULL,
    speaker VARCHAR NOT NULL,
    copy_group UBIGINT,                 -- of near-copies their group, of others the hash of their text; NULL: a short text
    why_not_scored VARCHAR,
    why_not_counted VARCHAR,
    likes BIGINT,
    replies BIGINT,
    shares BIGINT
);

-- Gathered posts of which something was read or observed since: to be gathered anew.
CREATE TABLE changed_posts (
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL
);

-- What a brand's rows were gathered under: with other settings, all of them are gathered anew.
CREATE TABLE gathered_brands (
    brand VARCHAR PRIMARY KEY,
    settings VARCHAR NOT NULL
);
