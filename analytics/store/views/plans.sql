-- One row each time that the plan of an event was frozen: what its verdict depends on, with its hash. Rows are never changed.
-- key: brand, event_id, frozen_at
-- brand: slug of the brand
-- event_id: the policy event; it may have been frozen before it had any date
-- title: what the event is, where the store knows it already
-- frozen_at: when, by the clock of the machine that froze it
-- plan_hash: SHA-256 of plan, 64 hexadecimal digits
-- is_last: whether no later one was frozen for the event
-- plan: all of it as JSON, keys in order; docs/plan.md says what each part is
CREATE OR REPLACE VIEW plans AS
SELECT p.brand, p.event_id, e.title, p.frozen_at, p.plan_hash,
    p.frozen_at = max(p.frozen_at) OVER (PARTITION BY p.brand, p.event_id) AS is_last, p.plan
FROM analysis_plans AS p LEFT JOIN policy_events AS e USING (brand, event_id);
