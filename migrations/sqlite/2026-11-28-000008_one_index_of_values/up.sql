-- expand
-- Values are found folded, and then told apart: a second index made every write of a resource dearer.
DROP INDEX resource_index_value;
