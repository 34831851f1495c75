DROP INDEX event_target_id;
DROP INDEX event_actor_id;
DROP INDEX event_user_id;
DROP TABLE audit_link;
ALTER TABLE event DROP COLUMN detail;
