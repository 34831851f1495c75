-- expand
-- Pages by `_lastUpdated` and `_created`, and versions since an instant. Of resources, users are the many.
CREATE INDEX app_user_updated ON app_user (updated, id);
CREATE INDEX app_user_created ON app_user (created, id);
CREATE INDEX resource_history_updated ON resource_history (kind, updated);
