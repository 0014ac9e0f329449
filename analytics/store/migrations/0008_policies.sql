-- Terms as a source: how each version came here, what was found between two of them, what a person said of it, and how
-- each watched page was asked. Nothing wrote versions or changes before this.

DROP TABLE policy_versions;
DROP TABLE policy_changes;

CREATE TABLE policy_versions (
    brand VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    text VARCHAR NOT NULL,              -- never empty
    origin VARCHAR NOT NULL,            -- repository, file, page
    reference VARCHAR NOT NULL,         -- commit, path of the file in its folder, address without its query
    technical BOOLEAN NOT NULL,         -- recorded anew because its recorder reads pages in another way since
    stored_at TIMESTAMP NOT NULL,
    PRIMARY KEY (brand, document, recorded_at)
);

-- What differs from the version before. Made from the versions and made anew where one comes in between or the rules
-- that find changes are others, so that nothing a person said stands here.
CREATE TABLE policy_changes (  -- key: brand, document, recorded_at
    brand VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    previous_at TIMESTAMP NOT NULL,     -- of the version that was compared with
    rules VARCHAR NOT NULL,             -- version of the rules that found it
    stated_effective DATE,
    themes VARCHAR[] NOT NULL,
    added VARCHAR[] NOT NULL,
    removed VARCHAR[] NOT NULL,
    telling VARCHAR NOT NULL,           -- the sentence to read first; empty where none changed
    direction VARCHAR NOT NULL,         -- widens, narrows, mixed, unclear
    noise VARCHAR NOT NULL,             -- empty, or why this is no change
    restores TIMESTAMP                  -- of the earlier version whose words this one has again
);

-- A person's word on a change: it belongs to this event, or it does not.
CREATE TABLE policy_confirmations (  -- key: brand, document, recorded_at, event_id
    brand VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    event_id VARCHAR NOT NULL,
    confirmed BOOLEAN NOT NULL,         -- false: rejected
    confirmed_by VARCHAR NOT NULL,
    confirmed_at TIMESTAMP NOT NULL
);

CREATE TABLE terms_requests (           -- append-only: each look at a watched page
    run_id VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    page_hash VARCHAR NOT NULL,         -- of address, selector and way of reading: with another one it is another page
    address VARCHAR NOT NULL,           -- without its query
    asked_at TIMESTAMP NOT NULL,
    outcome VARCHAR NOT NULL,           -- changed, unchanged, not_sent (304), failed
    problem VARCHAR NOT NULL,           -- why it failed; empty where it did not
    etag VARCHAR NOT NULL,              -- to be sent with the next request
    modified VARCHAR NOT NULL
);
