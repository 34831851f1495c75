//! Signing in with a browser. It opens a session of type `console`, which a cookie stands for in
//! place of a token pair: what is in the cookie is no access token, and no access token is taken for it.

mod go_on;
mod notes;
mod sign_in;
mod sign_out;
mod token;

pub use notes::LONGEST_NOTES;
pub use sign_in::{SignIn, SignedIn};

/// The id of the client that sessions of browsers belong to. It is made when somebody first signs
/// in, and has neither a secret nor a grant type; switching it off switches signing in off.
pub const CONSOLE_CLIENT: &str = "grantor-console";
