DROP TABLE wrapped_key;
