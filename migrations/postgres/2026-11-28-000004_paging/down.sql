DROP INDEX resource_history_updated;
DROP INDEX app_user_created;
DROP INDEX app_user_updated;
