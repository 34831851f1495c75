//! What keeps a database in order, and what is asked of it as a whole.

use std::path::Path;

use grantor_domain::Fault;
use grantor_domain::time::Timestamp;

use crate::backup::BackupError;
use crate::migrate::{MigrateError, SchemaStatus};
use crate::plan::{self, PlannedMigration};
use crate::pool::Connections;
use crate::store::Store;
use crate::vitals::Vitals;

use super::super::queries::{events, session_census, throttle};
use super::super::{
    LOCKS_TABLES, SCRIPTS, all_connections, backup, migrations, probe, probe_writing, vitals,
};
use super::Adapter;

impl Store for Adapter {
    fn migrate(&self, now: Timestamp) -> Result<Vec<String>, MigrateError> {
        migrations::run(&self.location, now)
    }

    fn schema(&self) -> Result<SchemaStatus, MigrateError> {
        migrations::status(&self.location)
    }

    fn plan(&self) -> Result<Vec<PlannedMigration>, MigrateError> {
        let pending = migrations::status(&self.location)?.pending;
        Ok(plan::of(SCRIPTS, &pending, LOCKS_TABLES))
    }

    fn probe(&self) -> Result<(), Fault> {
        self.read(|conn| Ok(probe(conn)?))
    }

    fn back_up(&self, to: &Path) -> Result<(), BackupError> {
        backup::take(&self.location, to)
    }

    fn vitals(&self) -> Result<Vitals, Fault> {
        self.read(|conn| Ok(vitals::read(conn)?))
    }

    fn probe_writing(&self) -> Result<(), Fault> {
        self.write(|conn| Ok(probe_writing(conn)?))
    }

    fn connections(&self) -> Connections {
        all_connections(&self.reads, &self.writes)
    }

    fn reap_leftovers(&self, before: Timestamp, limit: u32) -> Result<u32, Fault> {
        let events = self.write(|conn| Ok(events::reap(conn, before, limit)?))?;
        self.write(|conn| Ok(session_census::reap(conn, before)?))?;
        let budgets = self.write(|conn| Ok(throttle::reap(conn, before, limit)?))?;
        Ok(u32::try_from(events + budgets).unwrap_or(u32::MAX))
    }
}
