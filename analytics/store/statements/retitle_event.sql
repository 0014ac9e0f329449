UPDATE policy_events SET title = $title WHERE brand = $brand AND event_id = $event_id AND title <> $title;
