-- expand
-- From which networks an account proved itself, as keyed hashes of both: budgets of such networks are
-- their own, whatever strangers spend.
CREATE TABLE familiar_network (
    account      blob NOT NULL,
    network      blob NOT NULL,
    last_success integer NOT NULL,
    PRIMARY KEY (account, network)
) STRICT, WITHOUT ROWID;
CREATE INDEX familiar_network_last_success ON familiar_network (last_success);
