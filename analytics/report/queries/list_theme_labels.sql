-- The themes of the taxonomy that is in force for the brand.
SELECT t.theme, t.label
FROM themes AS t JOIN brands AS b USING (taxonomy_version)
WHERE b.brand = $brand
ORDER BY t.theme;
