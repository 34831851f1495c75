-- expand
-- From which networks an account proved itself, as keyed hashes of both: budgets of such networks are
-- their own, whatever strangers spend.
CREATE TABLE familiar_network (
    account      bytea NOT NULL,
    network      bytea NOT NULL,
    last_success bigint NOT NULL,
    PRIMARY KEY (account, network)
);
CREATE INDEX familiar_network_last_success ON familiar_network (last_success);
