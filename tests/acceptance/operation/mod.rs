//! Operation by the command line: backups, the doctor, files that hold secrets, and what changes while
//! the program serves.

mod backup;
mod doctor;
mod reload;
mod secret_files;
