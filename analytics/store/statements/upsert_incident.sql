MERGE INTO incident_records
USING (VALUES ($incident_id, $brand, $kind, $first_hour, $last_hour, $peak_hour, $length, $observed, $expected, $low,
    $high, $voices, $size, $state, $acknowledged_by, $acknowledged_at, $note, $closed_by, $closed_at, $back_at, $told,
    $told_size, $messages))
    AS given (incident_id, brand, kind, first_hour, last_hour, peak_hour, length, observed, expected, low, high, voices,
    size, state, acknowledged_by, acknowledged_at, note, closed_by, closed_at, back_at, told, told_size, messages)
USING (incident_id)
WHEN MATCHED THEN UPDATE SET last_hour = given.last_hour, peak_hour = given.peak_hour, length = given.length,
    observed = given.observed, expected = given.expected, low = given.low, high = given.high, voices = given.voices,
    size = given.size, state = given.state, acknowledged_by = given.acknowledged_by,
    acknowledged_at = given.acknowledged_at, note = given.note, closed_by = given.closed_by,
    closed_at = given.closed_at, back_at = given.back_at, told = given.told, told_size = given.told_size,
    messages = given.messages
WHEN NOT MATCHED THEN INSERT BY NAME;
