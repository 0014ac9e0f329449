-- Deletion and people's rights: what must not come back is known by keyed marks only, when a post was last looked at,
-- what each written report quotes, and a log of sweeps and purges that names nobody.

DROP TABLE tombstones;

-- A post that was deleted here. The mark is a keyed hash: without the author key it tells neither post nor author.
CREATE TABLE tombstones (  -- key: source, post_mark
    source VARCHAR NOT NULL,
    post_mark VARCHAR NOT NULL,
    purged_at TIMESTAMP NOT NULL,
    reason VARCHAR NOT NULL             -- deleted, removed … as the source says; retention
);

-- An author who is to be forgotten: a keyed hash of the author key, which itself is nowhere any more.
CREATE TABLE suppressed_authors (
    source VARCHAR NOT NULL,
    author_mark VARCHAR NOT NULL,
    suppressed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (source, author_mark)
);

CREATE TABLE post_checks (  -- key: source, post_id
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL,
    checked_at TIMESTAMP NOT NULL       -- when it was last seen to be there still
);

-- One sweep of a source; one that was cut off has no finished_at and is taken up again.
CREATE TABLE sweeps (
    run_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    swept_since TIMESTAMP NOT NULL,     -- posts that were looked at from here on are not looked at again
    finished_at TIMESTAMP,
    stored BIGINT NOT NULL,             -- posts before the sweep
    checked BIGINT NOT NULL,
    gone BIGINT NOT NULL,
    oldest_unchecked_seconds DOUBLE,    -- since the stored post that was longest not looked at was seen
    worst_latency_seconds DOUBLE,       -- from when a post that is gone was last seen to its purge; NULL: none was gone
    problem VARCHAR NOT NULL,           -- why it was not looked at in full, or empty
    PRIMARY KEY (run_id, source)
);

CREATE TABLE purges (                   -- append-only: what was erased, and never which posts
    run_id VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    reason VARCHAR NOT NULL,
    posts BIGINT NOT NULL,
    purged_at TIMESTAMP NOT NULL
);

-- A report as a file. Two rows for one path stand there only while a new file takes the place of an old one.
CREATE TABLE reports (
    path VARCHAR NOT NULL,              -- relative to the store's folder where it lies below it
    content_hash VARCHAR NOT NULL,      -- SHA-256 of the file
    report_id VARCHAR NOT NULL,         -- its figures: published_figures
    brand VARCHAR NOT NULL,
    week DATE NOT NULL,
    paper VARCHAR NOT NULL,
    content VARCHAR NOT NULL,           -- what it shows, as JSON, without its figures and the posts that it quotes
    withdrawn INTEGER NOT NULL,         -- quoted posts that are purged
    outdated BOOLEAN NOT NULL,          -- the file still quotes one of them
    written_at TIMESTAMP NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (path, content_hash)
);

CREATE TABLE report_quotes (            -- key: path, content_hash, period, place
    path VARCHAR NOT NULL,
    content_hash VARCHAR NOT NULL,
    period VARCHAR NOT NULL,            -- event, week: under which heading
    place INTEGER NOT NULL,
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL,
    reach BIGINT NOT NULL,              -- as printed; text, title and link are read from the post
    compound DOUBLE,
    rating DOUBLE,
    themes VARCHAR[] NOT NULL
);

CREATE TABLE platform_approvals (
    platform VARCHAR PRIMARY KEY,
    reference VARCHAR NOT NULL,         -- where the written approval is to be found
    recorded_by VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL
);
