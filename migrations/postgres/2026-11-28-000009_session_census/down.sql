DROP TABLE session_census;
