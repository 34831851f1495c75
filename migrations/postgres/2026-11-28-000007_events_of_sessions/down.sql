DROP INDEX event_session_id;
