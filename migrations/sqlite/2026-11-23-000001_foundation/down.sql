DROP TABLE signing_key;
DROP TABLE event;
DROP TABLE throttle;
DROP TABLE refresh_token;
DROP TABLE session;
DROP TABLE login_name;
DROP TABLE app_user;
DROP TABLE client;
