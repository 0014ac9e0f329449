-- Few posts can change what counts: where no other version has read them, those that do not count from now on.
CREATE OR REPLACE TEMP TABLE changed_languages AS
SELECT * FROM found_rows AS f
WHERE (f.language <> 'und' AND EXISTS (
        SELECT 1 FROM brands AS b LEFT JOIN brand_languages AS l USING (brand) WHERE coalesce(l.language, 'en') <> f.language))
    OR EXISTS (SELECT 1 FROM post_languages WHERE version <> $version);
