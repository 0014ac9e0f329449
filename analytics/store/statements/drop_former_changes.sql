DELETE FROM policy_changes WHERE brand = $brand AND document = $document;
