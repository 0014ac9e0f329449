-- What was declared before anybody could look, what became of it, and how the answer depends on the choices.
-- Append-only: a plan that was frozen is never changed, and stays when another one is frozen.
CREATE TABLE analysis_plans (
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    frozen_at TIMESTAMP NOT NULL,       -- by the clock of the machine that froze it
    plan_hash VARCHAR NOT NULL,         -- SHA-256 of `plan`, 64 hexadecimal digits
    plan VARCHAR NOT NULL,              -- canonical JSON
    PRIMARY KEY (brand, event_id, frozen_at)
);

-- Written anew with the effects, in their transaction.
CREATE TABLE event_declarations (  -- key: brand, event_id
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    status VARCHAR NOT NULL,            -- declared before the notice, exploratory
    reason VARCHAR NOT NULL,            -- in one line
    plan_hash VARCHAR,                  -- of the last plan frozen before the day tested, or else of the last one
    frozen_at TIMESTAMP,
    run_id VARCHAR NOT NULL
);

CREATE TABLE event_specifications (  -- key: brand, event_id, measure, place
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    place INTEGER NOT NULL,             -- 0: the declared one; the others in the order in which they were taken
    choices_changed INTEGER NOT NULL,   -- against the declared one
    scorer VARCHAR NOT NULL,
    method VARCHAR NOT NULL,            -- by_precision, ranked
    before_bins INTEGER NOT NULL,
    after_bins INTEGER NOT NULL,
    peers VARCHAR NOT NULL,             -- all, none, without SLUG
    themes VARCHAR NOT NULL,            -- event, practices, without THEME; empty where no theme is read
    voices VARCHAR NOT NULL,            -- as_measured, without_copies_and_officials, source_weights
    author_weeks BIGINT NOT NULL,
    estimate DOUBLE,
    low DOUBLE,
    high DOUBLE,
    p_value DOUBLE,
    verdict VARCHAR NOT NULL,
    combinations INTEGER NOT NULL,      -- how many there are of which these were taken
    run_id VARCHAR NOT NULL
);
