-- What people say of a company's response to an outcry. Posts of the days after it are read; a silent one is kept as such.
CREATE TABLE post_reception (
    source VARCHAR NOT NULL,
    post_id VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    stance VARCHAR NOT NULL,            -- accepts, rejects, neither; silent: it does not speak of the response
    evidence VARCHAR NOT NULL,          -- the words by which it speaks of it, folded
    rules_hash VARCHAR NOT NULL,        -- of the rules, filled with the brand's names
    PRIMARY KEY (brand, source, post_id)
);
