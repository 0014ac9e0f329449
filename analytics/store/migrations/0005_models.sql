-- The file of the scorer linear, as `brandtrust train` wrote it; NULL where no scorer of the brand needs one.
ALTER TABLE brands ADD COLUMN model VARCHAR;
