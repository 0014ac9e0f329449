-- Whether one measure of an event is back.
INSERT INTO event_recoveries (brand, event_id, measure, scorer, state, recovered_on, looked_until, margin, gap, low, high, smallest_margin,
    placebos, authors, reason, run_id)
VALUES ($brand, $event_id, $measure, $scorer, $state, $recovered_on, $looked_until, $margin, $gap, $low, $high,
    $smallest_margin, $placebos, $authors, $reason, $run_id);
