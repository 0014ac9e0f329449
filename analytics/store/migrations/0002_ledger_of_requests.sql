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

-- By what each brand asks each source now. Coverage under another hash says nothing of the present question: another
-- query, another subreddit. A source that is not here is an archive, which is read anew where the question changes.
CREATE TABLE source_questions (
    brand VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    query_hash VARCHAR NOT NULL,
    PRIMARY KEY (brand, source)
);
