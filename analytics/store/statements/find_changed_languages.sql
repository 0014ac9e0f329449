-- Posts that may count now and did not, or the other way round. Few can: where no other version has read them ($others),
-- those in another language than a brand's that were scored before.
CREATE OR REPLACE TEMP TABLE changed_languages AS
SELECT * FROM found_rows AS f
WHERE $others
    OR (f.language <> 'und'
        AND EXISTS (SELECT 1 FROM brands AS b LEFT JOIN brand_languages AS l USING (brand) WHERE coalesce(l.language, 'en') <> f.language)
        AND EXISTS (SELECT 1 FROM scores AS s WHERE s.source = f.source AND s.post_id = f.post_id));
