//! The storage ports on whichever database the options name.

use std::path::Path;
use std::sync::Arc;

use grantor_domain::Fault;
use grantor_domain::clients::Client;
use grantor_domain::ports::{
    BrowserNotes, EventLog, FamiliarNetworks, PolicyStore, Registry, ResourceChanges, RoleStore,
    SessionStore, SigningKeyStore, Throttle, UserDirectory,
};
use grantor_domain::time::Timestamp;

use crate::backup::BackupError;
use crate::migrate::{MigrateError, SchemaStatus};
use crate::options::{ConnectError, DatabaseOptions, Location};
use crate::plan::PlannedMigration;
use crate::pool::Connections;
use crate::vitals::Vitals;
use crate::{postgres, sqlite};

/// All ports of one database, and what keeps it in order.
pub(crate) trait Store:
    SessionStore
    + BrowserNotes
    + Registry<Client>
    + UserDirectory
    + RoleStore
    + PolicyStore
    + ResourceChanges
    + Throttle
    + FamiliarNetworks
    + EventLog
    + SigningKeyStore
{
    fn migrate(&self, now: Timestamp) -> Result<Vec<String>, MigrateError>;
    fn schema(&self) -> Result<SchemaStatus, MigrateError>;
    fn plan(&self) -> Result<Vec<PlannedMigration>, MigrateError>;
    fn probe(&self) -> Result<(), Fault>;
    fn back_up(&self, to: &Path) -> Result<(), BackupError>;
    fn vitals(&self) -> Result<Vitals, Fault>;
    fn probe_writing(&self) -> Result<(), Fault>;
    fn connections(&self) -> Connections;
    fn reap_leftovers(&self, before: Timestamp, limit: u32) -> Result<u32, Fault>;
}

/// A database and its connections. Clones share them.
#[derive(Clone)]
pub struct Persistence(Arc<dyn Store>);

impl Persistence {
    /// Reads the options and makes a pool, which connects when it is first asked; a new `SQLite` file
    /// is made for its owner alone. It does not migrate.
    ///
    /// # Errors
    /// [`ConnectError`] when the options name nothing that can be connected to.
    pub fn connect(options: &DatabaseOptions) -> Result<Self, ConnectError> {
        Ok(Self(match options.location()? {
            Location::Sqlite(path) => Arc::new(sqlite::open(&path, options)?),
            Location::Postgres(url) => Arc::new(postgres::open(&url, options)),
        }))
    }

    /// Where sessions are kept.
    #[must_use]
    pub fn sessions(&self) -> Arc<dyn SessionStore> {
        self.0.clone()
    }

    /// Where the notes of browsers are kept.
    #[must_use]
    pub fn notes(&self) -> Arc<dyn BrowserNotes> {
        self.0.clone()
    }

    /// Where clients are kept.
    #[must_use]
    pub fn clients(&self) -> Arc<dyn Registry<Client>> {
        self.0.clone()
    }

    /// Where users are kept.
    #[must_use]
    pub fn users(&self) -> Arc<dyn UserDirectory> {
        self.0.clone()
    }

    /// Where roles are kept.
    #[must_use]
    pub fn roles(&self) -> Arc<dyn RoleStore> {
        self.0.clone()
    }

    /// Where access policies are kept.
    #[must_use]
    pub fn policies(&self) -> Arc<dyn PolicyStore> {
        self.0.clone()
    }

    /// What applies bundles.
    #[must_use]
    pub fn resources(&self) -> Arc<dyn ResourceChanges> {
        self.0.clone()
    }

    /// Where guesses are counted, for all replicas on this database.
    #[must_use]
    pub fn throttle(&self) -> Arc<dyn Throttle> {
        self.0.clone()
    }

    /// Where familiar networks are kept.
    #[must_use]
    pub fn familiar(&self) -> Arc<dyn FamiliarNetworks> {
        self.0.clone()
    }

    /// Where events of refusals go.
    #[must_use]
    pub fn events(&self) -> Arc<dyn EventLog> {
        self.0.clone()
    }

    /// Where sealed signing keys are kept.
    #[must_use]
    pub fn signing_keys(&self) -> Arc<dyn SigningKeyStore> {
        self.0.clone()
    }

    /// Runs the pending migrations and tells the audit trail of each, in one transaction, under a
    /// lock that lets one replica through at a time. Answers the names of those that were run. A
    /// migration that cannot run in a transaction has what comes before it committed first.
    ///
    /// # Errors
    /// [`MigrateError`] when the database cannot be reached or refuses one: nothing of the same
    /// transaction was run then.
    pub fn migrate(&self, now: Timestamp) -> Result<Vec<String>, MigrateError> {
        self.0.migrate(now)
    }

    /// How the schema stands to this program. It writes nothing.
    ///
    /// # Errors
    /// [`MigrateError`] when the database cannot be reached.
    pub fn schema(&self) -> Result<SchemaStatus, MigrateError> {
        self.0.schema()
    }

    /// What [`Persistence::migrate`] would do. It writes nothing.
    ///
    /// # Errors
    /// [`MigrateError`] when the database cannot be reached.
    pub fn plan(&self) -> Result<Vec<PlannedMigration>, MigrateError> {
        self.0.plan()
    }

    /// Asks the database one cheap question, for readiness.
    ///
    /// # Errors
    /// [`Fault`] when it does not answer.
    pub fn probe(&self) -> Result<(), Fault> {
        self.0.probe()
    }

    /// Writes one consistent state of the store, verified and flushed, into a new file for its owner
    /// alone, while others read and write. `SQLite` only. The caller tells the audit trail.
    ///
    /// # Errors
    /// [`BackupError`]; there is no file then.
    pub fn back_up(&self, to: &Path) -> Result<(), BackupError> {
        self.0.back_up(to)
    }

    /// What the database says of itself. On `SQLite` this reads the whole file.
    ///
    /// # Errors
    /// [`Fault`] when it does not answer.
    pub fn vitals(&self) -> Result<Vitals, Fault> {
        self.0.vitals()
    }

    /// Finds out whether the database takes writes, for readiness. It changes nothing.
    ///
    /// # Errors
    /// [`Fault`] when it takes none, or does not answer.
    pub fn probe_writing(&self) -> Result<(), Fault> {
        self.0.probe_writing()
    }

    /// How its connections stand.
    #[must_use]
    pub fn connections(&self) -> Connections {
        self.0.connections()
    }

    /// Forgets up to `limit` events from before `before`, and up to `limit` budgets that have been
    /// full since before then. Answers how many rows went; as many as `limit` means there may be more.
    ///
    /// # Errors
    /// [`Fault`] when the database cannot answer.
    pub fn reap(&self, before: Timestamp, limit: u32) -> Result<u32, Fault> {
        self.0.reap_leftovers(before, limit)
    }
}
