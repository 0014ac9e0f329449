DELETE FROM {table} AS t USING found_rows AS f WHERE t.source = f.source AND t.post_id = f.post_id;
