-- What people say of the terms, who says it, and what the terms say.
CREATE TABLE claims (
    brand VARCHAR NOT NULL,
    claim VARCHAR NOT NULL,             -- its id in the brand file
    place INTEGER NOT NULL,             -- its place there, from 0
    says VARCHAR NOT NULL,
    claim_hash VARCHAR NOT NULL,        -- of the queries over posts: with another one posts are matched anew
    document VARCHAR NOT NULL,
    clause VARCHAR NOT NULL,            -- the query over sentences of the terms
    status VARCHAR NOT NULL,            -- a person's word: in_text, was, never, unconfirmed
    since DATE,
    until DATE,
    checked_by VARCHAR NOT NULL,        -- empty: nobody
    checked_on DATE,
    reading VARCHAR NOT NULL,           -- of which versions, by which query and rules the states were read; empty: not yet
    PRIMARY KEY (brand, claim)
);

CREATE TABLE post_claims (  -- key: source, post_id, brand, claim
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    claim VARCHAR NOT NULL,
    claim_hash VARCHAR NOT NULL,
    denies BOOLEAN NOT NULL             -- false: voices it
);

-- A post that voices nothing leaves no row in post_claims; this says that it was looked at.
CREATE TABLE posts_matched_to_claims (  -- key: source, post_id, brand, claims_hash
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    claims_hash VARCHAR NOT NULL        -- of all claims of the brand together
);

-- As weekly_numbers: deletion changes nothing here, and a week is counted anew when its numbers are.
CREATE TABLE claim_weeks (
    brand VARCHAR NOT NULL,
    week DATE NOT NULL,                 -- its Monday
    claim VARCHAR NOT NULL,
    claim_hash VARCHAR NOT NULL,
    authors BIGINT NOT NULL,            -- who voice it, one vote each
    posts BIGINT NOT NULL,              -- in which they do
    denying_authors BIGINT NOT NULL,
    denying_posts BIGINT NOT NULL,
    practices_authors BIGINT NOT NULL,  -- who voice it in a post on data and AI practices
    authors_all BIGINT NOT NULL,
    practices_authors_all BIGINT NOT NULL,
    numbers_run VARCHAR NOT NULL,       -- run_id of the weekly numbers that it goes with
    PRIMARY KEY (brand, week, claim)
);

-- From when on which sentences of the terms speak of a claim: a row where they begin to be others.
CREATE TABLE clause_states (
    brand VARCHAR NOT NULL,
    claim VARCHAR NOT NULL,
    recorded_at TIMESTAMP NOT NULL,     -- of the version that is the first to have it so
    state VARCHAR NOT NULL,             -- in_text, not_found
    quotations VARCHAR[] NOT NULL,      -- the sentences
    PRIMARY KEY (brand, claim, recorded_at)
);
