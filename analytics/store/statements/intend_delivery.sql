-- Write down that an item is about to be sent, unless it was sent or may have been; counts the row where it may go.
MERGE INTO deliveries
USING (VALUES ($item, $brand, $target, 'intended', 0, $moment, '', $run_id))
    AS given (item, brand, target, state, attempts, changed_at, failure, run_id)
USING (item, target)
WHEN MATCHED AND (deliveries.state = 'failed' OR ($again AND deliveries.state = 'intended'))
    THEN UPDATE SET state = 'intended', changed_at = given.changed_at, failure = '', run_id = given.run_id
WHEN NOT MATCHED THEN INSERT BY NAME;
