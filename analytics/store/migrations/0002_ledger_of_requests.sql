-- Every question put to a source and what came of it, saved with the posts it brought: what was spent is known even
-- where a run died in the middle of a window. `coverage` says what may be read as silence; this says what was done.
CREATE TABLE requests (  -- append-only; key: request_id
    request_id VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    query_hash VARCHAR NOT NULL,
    asked_at TIMESTAMP NOT NULL,
    search VARCHAR NOT NULL,            -- in the source's own words
    window_start TIMESTAMP NOT NULL,
    window_end TIMESTAMP NOT NULL,
    requested BIGINT,                   -- items asked for at most; NULL: all there are
    returned BIGINT NOT NULL,           -- items that came, matching or not
    capped BOOLEAN NOT NULL,            -- the source holds more than it gave
    cost_usd DOUBLE NOT NULL,
    problem VARCHAR NOT NULL            -- why it failed; empty where it did not
);

-- Cursors of Hacker News were seconds since 1970; cursors of live sources are ISO times now.
UPDATE cursors
SET cursor = strftime(make_timestamp(cursor::BIGINT * 1_000_000), '%Y-%m-%dT%H:%M:%S')
WHERE regexp_full_match(cursor, '[0-9]{9,10}');
