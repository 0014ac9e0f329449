UPDATE copy_signatures AS s SET copy_group = j.copy_group
FROM joined_posts AS j WHERE s.source = j.source AND s.post_id = j.post_id;
