-- Weeks, counted from what was gathered: a run counts those into which something came, and not all of them again.
-- See analytics/store/kept_weeks.py. The view source_weekly reads them.
CREATE TABLE source_weeks (             -- key: brand, week, source: all with a gathered post
    brand VARCHAR NOT NULL,
    week DATE NOT NULL,
    source VARCHAR NOT NULL,
    posts BIGINT NOT NULL,              -- that count
    authors BIGINT NOT NULL,            -- their voices
    positive BIGINT NOT NULL,
    negative BIGINT NOT NULL,
    mean_sum DECIMAL(38, 9),            -- over the voices, of the mean of each
    practices_authors BIGINT NOT NULL,
    newcomers BIGINT NOT NULL,
    rated_posts BIGINT NOT NULL,
    rating_sum DECIMAL(38, 6),
    other_language BIGINT NOT NULL      -- posts that are not counted for it
);

-- The first week in which an author's post counts. Authors are held by 64 bits of a hash of their key.
CREATE TABLE first_weeks (              -- key: brand, source, author
    brand VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    author UBIGINT NOT NULL,
    week DATE NOT NULL
);

-- The posts behind each week's numbers, with what is shown of them. The view posts_behind reads them.
CREATE TABLE chosen_posts (             -- key: brand, week, place
    brand VARCHAR NOT NULL,
    week DATE NOT NULL,
    place BIGINT NOT NULL,
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL,
    created_at TIMESTAMP NOT NULL,
    reach BIGINT NOT NULL,
    compound DOUBLE,
    rating DOUBLE,
    themes VARCHAR[] NOT NULL,
    practices BOOLEAN NOT NULL,
    title VARCHAR,
    text VARCHAR NOT NULL,
    cut BOOLEAN NOT NULL,
    url VARCHAR
);

-- Brands of which these tables hold all that is gathered, and the hash of the statements by which they were counted.
CREATE TABLE counted_brands (
    brand VARCHAR PRIMARY KEY,
    counted_by VARCHAR NOT NULL
);

-- A question about some weeks reads the rows of those.
ALTER TABLE gathered_posts ADD COLUMN week DATE;
UPDATE gathered_posts SET week = date_trunc('week', created_at)::DATE;

-- What a change of a measure is made of, kept while no post comes into its windows or goes out of them: counted_bins has each of
-- their bins under the same hash. See analytics/kept_splits.py.
CREATE TABLE kept_splits (              -- key: brand, event_id, measure
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,
    counted_by VARCHAR NOT NULL,        -- hash of all that decides on it but the posts
    split VARCHAR NOT NULL              -- as JSON
);
