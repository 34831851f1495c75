-- expand
ALTER TABLE event ADD COLUMN detail text;

-- The chain, beside the events: it is written after them, so that nobody who writes an event waits.
CREATE TABLE audit_link (
    event_id bigint PRIMARY KEY,
    seal     bytea NOT NULL
);

-- An index on events costs every event it holds: that of users each login, the other two none.
CREATE INDEX event_user_id ON event (user_id, id) WHERE user_id IS NOT NULL;
CREATE INDEX event_actor_id ON event (actor_id, id) WHERE actor_id IS NOT NULL;
CREATE INDEX event_target_id ON event (target_id, id) WHERE target_id IS NOT NULL;
