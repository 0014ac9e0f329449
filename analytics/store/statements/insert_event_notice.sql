INSERT INTO event_notices (brand, event_id, signal, basis, day, value, usual, times, searched_from, searched_to,
    declared, reason, looked_at, run_id)
VALUES ($brand, $event_id, $signal, $basis, $day, $value, $usual, $times, $searched_from, $searched_to,
    $declared, $reason, $looked_at, $run_id);
