-- The group of stored posts that share a band with a row of found_rows: theirs, or the one that they would found.
-- Each band is looked up once, however many copies share it.
WITH found_bands AS (SELECT row, unnest(bands) AS band FROM found_rows),
stored_bands AS (
    SELECT coalesce(copy_group, bands[1]) AS copy_group, unnest(bands) AS band FROM copy_signatures WHERE version = $version
),
shared_bands AS (
    SELECT band, min(copy_group) AS copy_group FROM stored_bands WHERE band IN (SELECT band FROM found_bands) GROUP BY band
)
SELECT f.row, min(s.copy_group) FROM found_bands AS f JOIN shared_bands AS s USING (band) GROUP BY f.row;
