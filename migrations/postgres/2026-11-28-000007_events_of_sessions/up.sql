-- expand
-- The audit trail of a session, however many events there are.
CREATE INDEX event_session_id ON event (session_id, id) WHERE session_id IS NOT NULL;
