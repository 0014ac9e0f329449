-- One part of an event's raw change.
INSERT INTO event_parts (brand, event_id, measure, scorer, part, change, low, high, voices, answered, reason, run_id)
VALUES ($brand, $event_id, $measure, $scorer, $part, $change, $low, $high, $voices, $answered, $reason, $run_id);
