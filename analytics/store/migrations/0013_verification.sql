-- What holding a written report against the store needs: every file that was ever written, how many posts of each brand
-- were erased since, and by which name this store is known in its reports.

-- `reports` forgets a file that another one replaced; whoever was sent the first one may still ask about it.
CREATE TABLE report_files (             -- append-only
    content_hash VARCHAR PRIMARY KEY,   -- SHA-256 of the file
    report_id VARCHAR NOT NULL,
    written_at TIMESTAMP NOT NULL
);
INSERT INTO report_files SELECT content_hash, min(report_id), min(written_at) FROM reports GROUP BY content_hash;

CREATE TABLE brand_purges (             -- append-only: how many posts of a brand were erased, and never which
    run_id VARCHAR NOT NULL,
    brand VARCHAR NOT NULL,
    posts BIGINT NOT NULL,
    purged_at TIMESTAMP NOT NULL
);

INSERT INTO store_settings VALUES ('store_id', replace(uuid()::VARCHAR, '-', ''));
