-- Incidents in order of time; of every brand where none is named.
SELECT incident_id, brand, kind, first_hour, last_hour, peak_hour, length, observed, expected, low, high, voices, size, state,
    acknowledged_by, acknowledged_at, note, closed_by, closed_at, back_at, told, told_size, messages
FROM incident_records WHERE $brand IS NULL OR brand = $brand
ORDER BY first_hour, incident_id;
