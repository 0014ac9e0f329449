-- Write down that an item is about to be sent, unless it was sent or may have been; one row comes back where it may go.
INSERT INTO deliveries VALUES ($item, $brand, $target, 'intended', 0, $moment, '', $run_id)
ON CONFLICT DO UPDATE SET state = 'intended', changed_at = excluded.changed_at, failure = '', run_id = excluded.run_id
WHERE deliveries.state = 'failed' OR ($again AND deliveries.state = 'intended')
RETURNING item;
