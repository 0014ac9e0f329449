-- Which posts of a brand have come since somebody was done with all of them: so that nobody has to look through what is stored
-- for what is new. See analytics/store/waiting.py.
CREATE TABLE waiting_posts (            -- key: consumer, brand, source, post_id
    consumer VARCHAR NOT NULL,          -- reading, gathering
    brand VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL,
    arrived BIGINT NOT NULL             -- number of the arrival, rising
);

CREATE TABLE waiting_brands (           -- so many posts of these have come that all have to be looked through
    consumer VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    arrived BIGINT NOT NULL
);

CREATE TABLE read_brands (              -- under which settings all posts of a brand were read that do not wait
    brand VARCHAR PRIMARY KEY,
    settings VARCHAR NOT NULL
);

INSERT INTO waiting_brands SELECT 'gathering', brand, 0 FROM brands;
