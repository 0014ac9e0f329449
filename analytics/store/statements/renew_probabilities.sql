-- With what probability labelled posts stand in the present draw (the rows of drawn_posts).
UPDATE labels SET probability = (
    SELECT any_value(d.probability) FROM drawn_posts AS d WHERE d.source = labels.source AND d.post_id = labels.post_id)
WHERE brand = $brand AND event_id = $event_id;
