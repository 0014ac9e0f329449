-- The first store. Times are UTC in plain TIMESTAMP. Columns named here are a contract with every later release.
--
-- Tables with a row a post name their key in a comment and carry no constraint: the index behind one made a first import
-- three times as slow, and a lake of Parquet files has none either. The one writer holds the key by anti-join, in the
-- transaction that inserts.
--
-- What hardly repeats (ids, author keys, texts) is compressed by zstd: a run takes an eighth less time than by finding the
-- best of all ways for it, in about the same room.

CREATE TABLE store_settings (
    name VARCHAR PRIMARY KEY,   -- author_key_fingerprint …
    value VARCHAR NOT NULL
);

CREATE TABLE brands (
    brand VARCHAR PRIMARY KEY,          -- slug
    name VARCHAR NOT NULL,
    declared_by VARCHAR NOT NULL,       -- slug of the brand file that listens for it; its own for a brand with a file
    query_hash VARCHAR NOT NULL,        -- mentions under another hash are history
    scorer VARCHAR NOT NULL,            -- the configured one: what trust_weekly shows
    scorer_version VARCHAR NOT NULL,
    also_scored VARCHAR[] NOT NULL,     -- scorers kept beside it for comparison
    masked_names VARCHAR[] NOT NULL,    -- names that no scorer but stock vader may read as words
    taxonomy_version VARCHAR NOT NULL,
    official_keys VARCHAR[] NOT NULL,   -- author keys of the brand's own handles
    time_zone VARCHAR NOT NULL,
    file_fingerprint VARCHAR NOT NULL
);

CREATE TABLE brand_peers (
    brand VARCHAR NOT NULL,
    peer VARCHAR NOT NULL,
    PRIMARY KEY (brand, peer)
);

CREATE TABLE themes (
    taxonomy_version VARCHAR NOT NULL,
    theme VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    practices BOOLEAN NOT NULL,         -- alone makes a post one about data and AI practices
    belongs_to VARCHAR NOT NULL,        -- ability, benevolence or integrity
    PRIMARY KEY (taxonomy_version, theme)
);

CREATE TABLE posts (  -- key: source, post_id
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL USING COMPRESSION zstd,
    author_key VARCHAR USING COMPRESSION zstd,  -- HMAC(source, handle); NULL: unknown
    created_at TIMESTAMP NOT NULL,
    collected_at TIMESTAMP NOT NULL,
    kind VARCHAR NOT NULL,
    text VARCHAR NOT NULL,
    title VARCHAR,
    lang VARCHAR,
    url VARCHAR,
    parent_id VARCHAR,
    thread_id VARCHAR,
    rating DOUBLE,
    truncated BOOLEAN NOT NULL
);

CREATE TABLE post_metrics (  -- key: source, post_id, observed_at
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL USING COMPRESSION zstd,
    observed_at TIMESTAMP NOT NULL,
    likes BIGINT,
    replies BIGINT,
    shares BIGINT
);

CREATE TABLE mentions (  -- key: brand, source, post_id, query_hash
    brand VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL USING COMPRESSION zstd,
    query_hash VARCHAR NOT NULL
);

CREATE TABLE scores (  -- key: source, post_id, scorer, version
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL USING COMPRESSION zstd,
    scorer VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    neg DOUBLE,
    neu DOUBLE,
    pos DOUBLE,
    compound DOUBLE                    -- −1 … 1
);

CREATE TABLE post_themes (  -- key: source, post_id, taxonomy_version, theme
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL USING COMPRESSION zstd,
    taxonomy_version VARCHAR NOT NULL,
    theme VARCHAR NOT NULL,
    evidence VARCHAR                   -- the words that matched, folded
);

-- A post without a theme leaves no row in post_themes; this says that it was looked at.
CREATE TABLE tagged_posts (  -- key: source, post_id, taxonomy_version
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL USING COMPRESSION zstd,
    taxonomy_version VARCHAR NOT NULL
);

-- scope: all, practices, a theme's name, or event:<id> (the union of an event's own themes).
CREATE TABLE weekly_numbers (
    brand VARCHAR NOT NULL,
    week DATE NOT NULL,                 -- its Monday
    scope VARCHAR NOT NULL,
    scorer VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    positive BIGINT NOT NULL,           -- authors, one vote each
    neutral BIGINT NOT NULL,
    negative BIGINT NOT NULL,
    mean DOUBLE,                        -- of the authors' mean compound, −1 … 1
    posts BIGINT NOT NULL,
    authors BIGINT NOT NULL,
    low DOUBLE,                         -- 95 % interval of net trust, sampling only; NULL under 10 authors
    high DOUBLE,
    complete BOOLEAN NOT NULL,          -- every day of the week was collected in every source when this was computed
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (brand, week, scope, scorer, version)
);

-- Weeks into which posts came since their numbers were computed. Deletion puts no week here: what is published stays.
CREATE TABLE stale_weeks (
    brand VARCHAR NOT NULL,
    week DATE NOT NULL,
    PRIMARY KEY (brand, week)
);

CREATE TABLE figure_queries (
    sql_hash VARCHAR PRIMARY KEY,
    sql VARCHAR NOT NULL
);

CREATE TABLE published_figures (        -- append-only
    report_id VARCHAR NOT NULL,
    figure_id VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    week DATE,
    scope VARCHAR,
    measure VARCHAR NOT NULL,
    value DOUBLE,
    low DOUBLE,
    high DOUBLE,
    n BIGINT,
    sql_hash VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    published_at TIMESTAMP NOT NULL,
    PRIMARY KEY (report_id, figure_id)
);

CREATE TABLE coverage (                 -- append-only: the ledger of what was asked
    run_id VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    query_hash VARCHAR NOT NULL,
    window_start TIMESTAMP NOT NULL,
    window_end TIMESTAMP NOT NULL,
    requested BIGINT,
    returned BIGINT NOT NULL,
    capped BOOLEAN NOT NULL,
    failed BOOLEAN NOT NULL,
    cost_usd DOUBLE NOT NULL
);

CREATE TABLE source_flags (
    brand VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    flag VARCHAR NOT NULL,              -- constant_quota, sparse_in_shared_file
    detail VARCHAR NOT NULL,
    PRIMARY KEY (brand, source, flag)
);

CREATE TABLE source_breaks (
    brand VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    break_date DATE NOT NULL,
    note VARCHAR NOT NULL,
    PRIMARY KEY (brand, source, break_date)
);

CREATE TABLE signals (
    brand VARCHAR NOT NULL,
    day DATE NOT NULL,
    name VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,              -- attention, outcome
    value DOUBLE NOT NULL,
    PRIMARY KEY (brand, day, name)
);

CREATE TABLE policy_versions (
    brand VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    text VARCHAR NOT NULL,
    PRIMARY KEY (brand, document, recorded_at)
);

CREATE TABLE policy_changes (
    brand VARCHAR NOT NULL,
    document VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    stated_effective DATE,
    themes VARCHAR[] NOT NULL,
    added VARCHAR[] NOT NULL,
    removed VARCHAR[] NOT NULL,
    direction VARCHAR NOT NULL,         -- widens, narrows, mixed, unclear
    noise VARCHAR NOT NULL,             -- empty, or why this is no change
    PRIMARY KEY (brand, document, recorded_at)
);

CREATE TABLE policy_events (
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    title VARCHAR NOT NULL,
    themes VARCHAR[] NOT NULL,
    confirmed BOOLEAN NOT NULL,
    clause_first_seen DATE,
    effective DATE,
    noticed DATE,
    noticed_basis VARCHAR NOT NULL,     -- declared, independent, same_posts
    responded DATE,
    reversed DATE,
    claims VARCHAR[] NOT NULL,
    PRIMARY KEY (brand, event_id)
);

CREATE TABLE event_effects (
    brand VARCHAR NOT NULL,
    event_id VARCHAR NOT NULL,
    measure VARCHAR NOT NULL,           -- attention, net_trust, rating
    role VARCHAR NOT NULL,              -- primary, second, exploratory
    event_date DATE NOT NULL,           -- the date tested: noticed
    as_of DATE NOT NULL,                -- posts before this day were used
    estimate DOUBLE,
    low DOUBLE,
    high DOUBLE,
    p_value DOUBLE,
    smallest_p DOUBLE,
    placebos INTEGER NOT NULL,
    placebo_estimates DOUBLE[] NOT NULL,
    independent_windows INTEGER NOT NULL,
    smallest_visible DOUBLE,
    verdict VARCHAR NOT NULL,           -- fell, rose, no_change_shown, descriptive_only, not_comparable
    reason VARCHAR NOT NULL,
    before_mean DOUBLE,
    after_mean DOUBLE,
    before_authors BIGINT NOT NULL,
    after_authors BIGINT NOT NULL,
    before_bins INTEGER NOT NULL,
    after_bins INTEGER NOT NULL,
    peers VARCHAR[] NOT NULL,
    dates_not_separable VARCHAR[] NOT NULL,  -- other dates of this event inside its own window
    alpha DOUBLE NOT NULL,
    scorer VARCHAR NOT NULL,
    version VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    PRIMARY KEY (brand, event_id, measure, scorer)
);

CREATE TABLE cursors (
    source VARCHAR NOT NULL,
    query_hash VARCHAR NOT NULL,
    "window" VARCHAR NOT NULL,          -- live, or since/until of a backfill
    cursor VARCHAR NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    PRIMARY KEY (source, query_hash, "window")
);

CREATE TABLE quarantine (
    source VARCHAR NOT NULL,
    file VARCHAR NOT NULL,
    line BIGINT NOT NULL,
    reason VARCHAR NOT NULL,
    payload VARCHAR NOT NULL,
    run_id VARCHAR NOT NULL,
    quarantined_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    PRIMARY KEY (source, file, line)
);

CREATE TABLE tombstones (
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL,
    purged_at TIMESTAMP NOT NULL,
    reason VARCHAR NOT NULL,
    PRIMARY KEY (source, post_id)
);

CREATE TABLE labels (
    brand VARCHAR NOT NULL,
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL,
    question VARCHAR NOT NULL,
    label VARCHAR NOT NULL,
    labeller VARCHAR NOT NULL,
    probability DOUBLE,                 -- with which the post was drawn
    labelled_at TIMESTAMP NOT NULL,
    PRIMARY KEY (brand, source, post_id, question, labeller)
);

CREATE TABLE runs (
    run_id VARCHAR PRIMARY KEY,
    brand VARCHAR NOT NULL,
    command VARCHAR NOT NULL,
    started_at TIMESTAMP NOT NULL,
    finished_at TIMESTAMP,
    status VARCHAR NOT NULL,            -- running, done, source_failed, failed, killed
    detail VARCHAR NOT NULL
);
