-- Frozen plans in order of time: of a brand and event, where these are given, whose hash begins so.
SELECT brand, event_id, frozen_at, plan_hash, plan FROM analysis_plans
WHERE ($brand::VARCHAR IS NULL OR brand = $brand) AND ($event_id::VARCHAR IS NULL OR event_id = $event_id) AND starts_with(plan_hash, $plan_hash)
ORDER BY frozen_at, brand, event_id;
