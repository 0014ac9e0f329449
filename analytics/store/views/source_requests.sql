-- One row a request to a live source: what was asked, what came, what it cost. A request that failed is a row as well.
-- key: request_id
-- request_id: names the request
-- run_id: run that asked, as in runs
-- brand: slug of the brand that was listened for
-- source: whom, as in posts.source
-- day: UTC day on which was asked
-- asked_at: moment of asking, UTC
-- search: what was asked for, in the source's own words
-- window_start: first moment that was asked for, UTC
-- window_end: moment after the last one asked for, UTC
-- requested: items asked for at most; NULL where all there are
-- returned: items that came, matching or not
-- capped: the source holds more than it gave
-- cost_usd: what it cost, in US dollars
-- problem: why it failed; empty where it did not
CREATE OR REPLACE VIEW source_requests AS
SELECT request_id, run_id, brand, source, asked_at::DATE AS day, asked_at, search, window_start, window_end,
    requested, returned, capped, cost_usd, problem
FROM requests;
