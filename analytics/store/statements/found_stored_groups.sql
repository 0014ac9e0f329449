-- Stored posts to which a first copy has come found their groups.
UPDATE copy_signatures SET copy_group = bands[1]
WHERE copy_group IS NULL AND version = $version AND bands[1] IN (SELECT copy_group FROM found_groups);
