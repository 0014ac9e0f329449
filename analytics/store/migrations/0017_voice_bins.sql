-- What voices said by 7-day bins, counted once: a run counts the bins into which something came, and not all of them again.
-- See analytics/voice_bins.py. A sum is over the voices of a bin: of their means, and of the squares of these.
CREATE TABLE voice_bins (               -- key: brand, counted_by, start, kind, source
    brand VARCHAR NOT NULL,
    counted_by VARCHAR NOT NULL,        -- hash of all that decides what stands here but the posts
    start DATE NOT NULL,                -- first of the seven days
    kind VARCHAR NOT NULL,              -- all, by_source, without_copies_and_officials, customers
    source VARCHAR,                     -- of by_source only
    authors BIGINT NOT NULL,
    rating_authors BIGINT NOT NULL,
    net_trust DOUBLE,
    net_trust_squares DOUBLE,
    attention DOUBLE,
    attention_squares DOUBLE,
    rating DOUBLE,
    rating_squares DOUBLE
);

CREATE TABLE counted_bins (             -- key: brand, counted_by, start: empty bins too
    brand VARCHAR NOT NULL,
    counted_by VARCHAR NOT NULL,
    start DATE NOT NULL
);
