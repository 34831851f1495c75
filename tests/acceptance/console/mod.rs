//! The console, as far as it can be seen without a browser: signing in, and its sessions.

mod browser;
mod sessions;
mod signing_in;
