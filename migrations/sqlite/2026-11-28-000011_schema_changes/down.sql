DROP TABLE schema_change;
