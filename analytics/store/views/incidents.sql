-- One row an incident: a time in which a brand's volume or net trust expression was far from its usual, for `brandtrust alerts`.
-- key: incident_id
-- incident_id: ten hexadecimal digits, the same in every run
-- brand: slug of the brand
-- kind: volume_surge, volume_drop, trust_fall, trust_rise
-- day: UTC day on which it began
-- first_hour: the first hour that was far from its usual, UTC
-- last_hour: the last one
-- peak_hour: the hour with which its height ended
-- hours: how many hours, up to and with peak_hour, the numbers are about
-- observed: voices in those hours, or net trust (−100 to 100) in them
-- expected: what is usual for them
-- low: low end of the usual range
-- high: high end of the usual range
-- n: voices that it was counted over
-- state: open, acknowledged, closed
-- acknowledged_by: who took it up; empty: nobody
-- acknowledged_at: when, UTC; NULL: not
-- note: what they wrote; empty: nothing
-- closed_by: itself (back in its usual range), or who closed it; empty: not closed
-- closed_at: when it was closed, UTC; NULL: not
-- back_at: since when it had been in its usual range for the time that the brand file states; NULL: not yet
-- messages: how many were sent of it
CREATE OR REPLACE VIEW incidents AS
SELECT incident_id, brand, kind, first_hour::DATE AS day, first_hour, last_hour, peak_hour, length AS hours, observed, expected,
    low, high, voices AS n, state, acknowledged_by, acknowledged_at, note, closed_by, closed_at, back_at, messages
FROM incident_records;
