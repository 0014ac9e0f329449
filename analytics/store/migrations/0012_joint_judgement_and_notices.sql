-- What may be said of several measures of an event at once, and by which design each one was judged.
ALTER TABLE event_effects ADD COLUMN joint_p DOUBLE;                     -- step-down maximum; NULL: not tested
ALTER TABLE event_effects ADD COLUMN joint_reason VARCHAR DEFAULT '';    -- in words; empty for other scorers
ALTER TABLE event_effects ADD COLUMN weighed BOOLEAN DEFAULT false;      -- by the voices of each week; false: ranked

-- The day on which an event was noticed, as each signal proposes it: the last look of `policy notice`. Nothing reads it back.
CREATE TABLE event_notices (  -- key: brand, event_id, signal
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    signal VARCHAR NOT NULL,
    basis VARCHAR NOT NULL,             -- independent, same_posts
    day DATE,                           -- NULL: it proposes none
    value DOUBLE,
    usual DOUBLE,
    times DOUBLE,
    searched_from DATE NOT NULL,
    searched_to DATE NOT NULL,
    declared DATE,
    reason VARCHAR NOT NULL,
    looked_at DATE NOT NULL,
    run_id VARCHAR NOT NULL
);
