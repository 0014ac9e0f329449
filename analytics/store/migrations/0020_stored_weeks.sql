-- What is stored by week, counted from what was gathered. See analytics/store/kept_weeks.py. The view stored_weekly reads it.
CREATE TABLE stored_weeks (             -- key: brand, week, month, source, kind, language
    brand VARCHAR NOT NULL,
    week DATE NOT NULL,
    month DATE NOT NULL,
    source VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    language VARCHAR,
    posts BIGINT NOT NULL,
    truncated BIGINT NOT NULL,
    unscored BIGINT NOT NULL,
    other_language BIGINT NOT NULL,
    without_author BIGINT NOT NULL,
    official BIGINT NOT NULL,
    repeats BIGINT NOT NULL
);
