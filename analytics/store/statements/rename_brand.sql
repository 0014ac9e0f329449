-- What the brand file calls a brand now; a peer with a brand file of its own is called what that one says.
UPDATE brands SET name = $name WHERE brand = $brand AND declared_by = $declared_by AND name <> $name;
