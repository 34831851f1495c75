DROP TABLE browser_note;
