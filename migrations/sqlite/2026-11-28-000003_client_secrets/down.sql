ALTER TABLE client DROP COLUMN secrets;
