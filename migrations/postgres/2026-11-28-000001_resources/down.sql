ALTER TABLE client ADD COLUMN administrator boolean NOT NULL DEFAULT false;
ALTER TABLE client ALTER COLUMN administrator DROP DEFAULT;
ALTER TABLE app_user ADD COLUMN administrator boolean NOT NULL DEFAULT false;
ALTER TABLE app_user ALTER COLUMN administrator DROP DEFAULT;

UPDATE client SET administrator = true WHERE id IN (
    SELECT link ->> 'id' FROM access_policy, json_array_elements(settings -> 'links') AS link
    WHERE access_policy.id = 'administrators' AND link ->> 'kind' = 'Client');
UPDATE app_user SET administrator = true WHERE id IN (
    SELECT link ->> 'id' FROM access_policy, json_array_elements(settings -> 'links') AS link
    WHERE access_policy.id = 'administrators' AND link ->> 'kind' = 'User');

DROP INDEX session_start;
DROP INDEX session_updated;

ALTER TABLE event
    DROP COLUMN actor_type,
    DROP COLUMN actor_id,
    DROP COLUMN target_type,
    DROP COLUMN target_id,
    DROP COLUMN request_id,
    DROP COLUMN changes;
ALTER TABLE app_user
    DROP COLUMN reset_hash,
    DROP COLUMN reset_expires;

DROP TABLE resource_history;
DROP TABLE resource_index;
DROP TABLE access_policy_set;
DROP TABLE access_policy;
DROP TABLE role;
