-- Posts that were erased while they were read bring nothing back.
INSERT INTO {table} BY NAME SELECT * FROM found_rows SEMI JOIN posts USING (source, post_id);
