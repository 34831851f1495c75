DROP TABLE event_counted;
DROP TABLE event_count;
