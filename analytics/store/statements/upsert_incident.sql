INSERT INTO incident_records
VALUES ($incident_id, $brand, $kind, $first_hour, $last_hour, $peak_hour, $length, $observed, $expected, $low, $high, $voices,
    $size, $state, $acknowledged_by, $acknowledged_at, $note, $closed_by, $closed_at, $back_at, $told, $told_size, $messages)
ON CONFLICT DO UPDATE SET last_hour = excluded.last_hour, peak_hour = excluded.peak_hour, length = excluded.length,
    observed = excluded.observed, expected = excluded.expected, low = excluded.low, high = excluded.high,
    voices = excluded.voices, size = excluded.size, state = excluded.state, acknowledged_by = excluded.acknowledged_by,
    acknowledged_at = excluded.acknowledged_at, note = excluded.note, closed_by = excluded.closed_by,
    closed_at = excluded.closed_at, back_at = excluded.back_at, told = excluded.told, told_size = excluded.told_size,
    messages = excluded.messages;
