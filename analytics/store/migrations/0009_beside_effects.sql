-- What stands beside each effect: of what its raw change is made, the same effect asked again, and whether it has gone back.
-- Written anew with the effects, in their transaction; their dates and titles stand with the effects.
CREATE TABLE event_parts (  -- key: brand, event_id, measure, part
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    scorer VARCHAR NOT NULL,
    part VARCHAR NOT NULL,              -- raw_change, and the parts that add up to it
    change DOUBLE,
    low DOUBLE,
    high DOUBLE,
    voices BIGINT NOT NULL,
    answered BOOLEAN NOT NULL,          -- returning authors, newcomers and leavers could be told apart
    reason VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL
);

CREATE TABLE event_checks (  -- key: brand, event_id, measure, check_name
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    scorer VARCHAR NOT NULL,
    check_name VARCHAR NOT NULL,
    role VARCHAR NOT NULL,
    check_date DATE NOT NULL,           -- the day tested
    estimate DOUBLE,
    low DOUBLE,
    high DOUBLE,
    p_value DOUBLE,
    smallest_p DOUBLE,
    placebos INTEGER NOT NULL,
    independent_windows INTEGER NOT NULL,
    smallest_visible DOUBLE,
    verdict VARCHAR NOT NULL,           -- as in event_effects; not_answered: the question does not apply, or the data cannot answer it
    before_bins INTEGER,
    after_bins INTEGER,
    before_authors BIGINT NOT NULL,
    after_authors BIGINT NOT NULL,
    peers VARCHAR[] NOT NULL,
    dates_not_separable VARCHAR[] NOT NULL,
    sentence VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL
);

CREATE TABLE event_recoveries (  -- key: brand, event_id, measure
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    scorer VARCHAR NOT NULL,
    state VARCHAR NOT NULL,             -- recovered, not_yet, cannot_be_told, nothing_to_recover_from
    recovered_on DATE,
    looked_until DATE,
    margin DOUBLE NOT NULL,             -- set beforehand in the brand file
    gap DOUBLE,
    low DOUBLE,
    high DOUBLE,
    smallest_margin DOUBLE,
    placebos INTEGER NOT NULL,
    authors BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL
);
