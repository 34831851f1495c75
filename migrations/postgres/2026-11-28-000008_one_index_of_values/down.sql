CREATE INDEX resource_index_value ON resource_index (kind, parameter, value, id);
