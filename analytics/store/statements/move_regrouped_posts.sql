-- Posts that no other of their groups is near to: the groups of what is gathered, without counting anything anew.
UPDATE gathered_posts AS g SET copy_group = r.copy_group
FROM regrouped_posts AS r
WHERE r.source = g.source AND r.post_id = g.post_id AND NOT r.beside_another;
