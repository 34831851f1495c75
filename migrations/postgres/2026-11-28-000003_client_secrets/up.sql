-- expand
-- Further secrets of a client beside secret_hash, as hashes: a list of (id, hash, created, expires).
ALTER TABLE client ADD COLUMN secrets json NOT NULL DEFAULT '[]';
