-- expand
-- How many events of a kind there were in an hour since 1970. They are counted when they are linked, so
-- that nobody who writes an event waits, and who counts reads a few rows however many events there are.
CREATE TABLE event_count (
    hour   bigint NOT NULL,
    kind   text NOT NULL COLLATE "C",
    events bigint NOT NULL
);
CREATE UNIQUE INDEX event_count_hour_kind ON event_count (hour, kind);

-- Up to which event they are counted: one row.
CREATE TABLE event_counted (
    id    bigint PRIMARY KEY,
    until bigint NOT NULL
);

INSERT INTO event_counted (id, until) SELECT 1, coalesce(max(event_id), 0) FROM audit_link;
INSERT INTO event_count (hour, kind, events)
SELECT at / 3600000000, kind, count(*)
FROM event
WHERE id <= (SELECT until FROM event_counted)
GROUP BY 1, 2;
