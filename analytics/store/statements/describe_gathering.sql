-- What a brand's rows are gathered under: whatever of its settings decides what stands in them.
SELECT b.brand, md5(concat_ws(chr(0), $definition, b.query_hash, b.scorer, b.scorer_version, b.taxonomy_version, l.language,
    list_aggregate(list_sort(b.official_keys), 'string_agg', ','),
    (SELECT string_agg(f.source, ',' ORDER BY f.source) FROM source_flags AS f WHERE f.brand = b.brand AND f.flag = 'sparse_in_shared_file'))) AS settings
FROM brands AS b LEFT JOIN brand_languages AS l USING (brand)
ORDER BY b.brand;
