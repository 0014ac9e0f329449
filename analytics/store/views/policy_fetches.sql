-- One row a look at a watched page of terms. One that failed is a row as well: nobody knows what the terms said that day.
-- key: run_id, brand, document
-- run_id: run that looked, as in runs
-- brand: slug of the brand
-- document: name of the document
-- address: of the page, without its query
-- asked_at: moment of asking, UTC
-- outcome: changed (a new version), unchanged, not_sent (the server says that nothing has changed), failed
-- problem: why it failed; empty where it did not
CREATE OR REPLACE VIEW policy_fetches AS
SELECT run_id, brand, document, address, asked_at, outcome, problem
FROM terms_requests;
