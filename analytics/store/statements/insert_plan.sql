-- One plan, as it was frozen.
INSERT INTO analysis_plans (brand, event_id, frozen_at, plan_hash, plan) VALUES ($brand, $event_id, $frozen_at, $plan_hash, $plan);
