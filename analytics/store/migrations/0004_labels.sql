-- Labels of a random sample of posts in the two windows of an event, and what the effect is once they correct it. Nothing
-- wrote labels before this.

DROP TABLE labels;

CREATE TABLE labels (  -- key: brand, event_id, source, post_id, labeller
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL,
    "window" VARCHAR NOT NULL,          -- before, after
    stratum VARCHAR NOT NULL,           -- theme and source
    probability DOUBLE,                 -- with which the post is in the present draw; NULL: it is not in it any more
    label VARCHAR NOT NULL,             -- negative, neutral, positive; skipped: it cannot be told
    labeller VARCHAR NOT NULL,
    labelled_at TIMESTAMP NOT NULL
);

CREATE TABLE label_draws (
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    seed INTEGER NOT NULL,
    posts_a_window INTEGER NOT NULL,    -- that were asked for
    drawn_at TIMESTAMP NOT NULL,        -- posts that were collected later had no chance
    PRIMARY KEY (brand, event_id)
);

ALTER TABLE event_effects ADD COLUMN validation VARCHAR DEFAULT 'scorer not validated on this brand';
ALTER TABLE event_effects ADD COLUMN labels_before BIGINT DEFAULT 0;     -- labelled posts that count
ALTER TABLE event_effects ADD COLUMN labels_after BIGINT DEFAULT 0;
ALTER TABLE event_effects ADD COLUMN raw_change DOUBLE;                  -- of the scorer's votes, brand only, −200 … 200
ALTER TABLE event_effects ADD COLUMN corrected_change DOUBLE;            -- the same by prediction-powered inference
ALTER TABLE event_effects ADD COLUMN corrected_low DOUBLE;
ALTER TABLE event_effects ADD COLUMN corrected_high DOUBLE;
