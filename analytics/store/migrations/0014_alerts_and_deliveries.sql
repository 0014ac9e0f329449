-- What left its usual range, with a person's word on it, and what was sent to whom. Nothing here quotes a post.
CREATE TABLE incident_records (
    incident_id VARCHAR PRIMARY KEY,    -- of brand, kind and first hour: the same in every run
    brand VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,              -- volume_surge, volume_drop, trust_fall, trust_rise
    first_hour TIMESTAMP NOT NULL,
    last_hour TIMESTAMP NOT NULL,
    peak_hour TIMESTAMP NOT NULL,
    length INTEGER NOT NULL,            -- hours that end with peak_hour, which the numbers are about
    observed DOUBLE NOT NULL,
    expected DOUBLE NOT NULL,
    low DOUBLE NOT NULL,
    high DOUBLE NOT NULL,
    voices BIGINT NOT NULL,
    size DOUBLE NOT NULL,               -- times the usual, or points away from it
    state VARCHAR NOT NULL,             -- open, acknowledged, closed
    acknowledged_by VARCHAR NOT NULL,
    acknowledged_at TIMESTAMP,
    note VARCHAR NOT NULL,
    closed_by VARCHAR NOT NULL,         -- itself, or a person
    closed_at TIMESTAMP,
    back_at TIMESTAMP,                  -- NULL: it goes on
    told VARCHAR NOT NULL,              -- opened, closed; empty: nothing yet
    told_size DOUBLE NOT NULL,
    messages INTEGER NOT NULL
);

-- One row for each thing and target, written before it is sent: one that stays at intended may have been sent.
CREATE TABLE deliveries (
    item VARCHAR NOT NULL,              -- report:<report_id>, or alert:<incident_id>:<number of the message>
    brand VARCHAR NOT NULL,
    target VARCHAR NOT NULL,            -- its name; the address is a secret and stands in no table
    state VARCHAR NOT NULL,             -- intended, sent, failed
    attempts INTEGER NOT NULL,
    changed_at TIMESTAMP NOT NULL,
    failure VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (item, target)
);
