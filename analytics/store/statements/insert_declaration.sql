-- Whether the plan of one event was frozen in time.
INSERT INTO event_declarations (brand, event_id, status, reason, plan_hash, frozen_at, run_id)
VALUES ($brand, $event_id, $status, $reason, $plan_hash, $frozen_at, $run_id);
