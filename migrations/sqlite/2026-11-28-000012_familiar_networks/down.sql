DROP TABLE familiar_network;
