//! The password grant over a user directory of one's own. `docs/how-to/embed-the-domain.md` explains it.
#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use std::sync::Arc;

use grantor_domain::caller::Caller;
use grantor_domain::clients::{ClientDraft, SecretChange};
use grantor_domain::grants::{Grant, GrantType};
use grantor_domain::id::{ClientId, UserId};
use grantor_domain::policy::Policy;
use grantor_domain::ports::{Registry, UserDirectory};
use grantor_domain::revision::{Condition, Stamp};
use grantor_domain::secret::{ClientSecret, Password};
use grantor_domain::time::Timestamp;
use grantor_domain::users::{LoginName, User, UserSettings};
use grantor_domain::{AuthorizationServer, Fault, Ports};
use grantor_testkit::world::password_client;
use grantor_testkit::{ManualClock, Memory, SeededRandomness, World};

/// A directory with one user, who cannot be changed from here.
struct OneUser(User);

impl Registry<User> for OneUser {
    fn find(&self, id: &UserId) -> Result<Option<User>, Fault> {
        Ok((self.0.id == *id).then(|| self.0.clone()))
    }
}

impl UserDirectory for OneUser {
    fn find_by_name(&self, name: &LoginName) -> Result<Option<User>, Fault> {
        let names = self.0.login_names().unwrap_or_default();
        Ok(names.contains(name).then(|| self.0.clone()))
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    // Ports: what a real server takes from its database, its clock and its hasher.
    let memory = Memory::default();
    let ports = memory.ports(
        Arc::new(ManualClock::default()),
        Arc::new(SeededRandomness::default()),
    );
    let amy = User {
        id: UserId::parse("amy")?,
        stamp: Stamp::first(Timestamp::from_seconds(0)),
        password: Some(ports.hasher.hash(&Password::new("amypass".into()))?),
        reset: None,
        settings: UserSettings::default(),
    };
    let ports = Ports {
        users: Arc::new(OneUser(amy)),
        ..ports
    };

    // Each grant is enabled by name.
    let server = AuthorizationServer::new(ports, Policy::new("https://auth.example"))
        .enable_grant_type(GrantType::Password);
    let secret = SecretChange::Set(ClientSecret::new("verysecret".into()));
    let draft = ClientDraft::new(password_client(), secret);
    server.put(
        &Caller::operator(),
        &ClientId::parse("myapp")?,
        &draft,
        Condition::Absent,
    )?;

    let (username, password) = ("amy".into(), Password::new("amypass".into()));
    let answer = server.token(&World::request(Grant::Password { username, password }))?;
    println!("token_type:    Bearer");
    println!("expires_in:    {}", answer.expires_in.as_seconds());
    println!("access_token:  {}", answer.access_token.expose());
    let refresh_token = answer.refresh_token.ok_or("no refresh token")?;
    println!("refresh_token: {}", refresh_token.expose());

    // One that is not enabled does not exist.
    if let Err(refused) = server.token(&World::request(Grant::RefreshToken { refresh_token })) {
        println!("grant_type=refresh_token is {refused}");
    }
    Ok(())
}
