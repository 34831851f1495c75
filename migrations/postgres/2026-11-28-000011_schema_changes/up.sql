-- expand
-- What each migration is, so that a program that does not know it can tell whether it may work beside it.
CREATE TABLE schema_change (
    version text COLLATE "C" PRIMARY KEY,
    name    text NOT NULL,
    kind    text NOT NULL
);
