//! What the machine could reach, all of it at once. The other scenarios measure what they are held against anew.

use crate::ceiling::{self, Cost, Empty, Question, Rate, Table};
use crate::failure::Outcome;
use crate::report::Figure;
use crate::server::Signing;
use crate::store::Store;

use super::{Bench, CONNECTIONS};

/// The name of figures that do not depend on a store.
const ANY: &str = "-";
/// How their names begin.
const NAME: &str = "ceiling";

impl Bench<'_> {
    /// Of the machine, once; then of one database.
    pub(super) fn ceilings(&mut self, store: &Store) -> Outcome<()> {
        if !self.with_ceilings {
            return Ok(());
        }
        let is_of_any = |figure: &Figure| figure.store == ANY && figure.name.starts_with(NAME);
        if !self.figures.iter().any(is_of_any) {
            self.ceilings_of_the_processor()?;
            self.ceilings_of_the_network()?;
        }
        let duration = self.settings.pace.ceiling;
        let table = Table::make(store)?;
        let mut add = |name: String, rate: Rate| {
            let figure = Figure::new(name, store.name, rate.per_second, "/s");
            self.figures.push(figure);
        };
        add(
            format!("{NAME}: durable inserts, 64 rows a commit, 1 connection"),
            table.insert_grouped(duration)?,
        );
        for connections in CONNECTIONS {
            let name = |what| format!("{NAME}: {what}, {connections} connections");
            let number = connections as usize;
            add(
                name("one-row durable inserts"),
                table.insert(number, duration)?,
            );
            add(name("primary-key reads"), table.read(number, duration)?);
        }
        Ok(())
    }

    fn ceilings_of_the_processor(&mut self) -> Outcome<()> {
        let duration = self.settings.pace.ceiling;
        let mut threads = vec![1, self.cores];
        threads.dedup();
        for threads in threads {
            for (what, rate) in [
                (
                    "Argon2id, default",
                    ceiling::hash(Cost::DEFAULT, threads, duration)?,
                ),
                (
                    "ES256 signatures",
                    ceiling::sign(Signing::Es256, threads, duration)?,
                ),
                (
                    "RS256 signatures",
                    ceiling::sign(Signing::Rs256, threads, duration)?,
                ),
                ("ES256 verifications", ceiling::verify(threads, duration)?),
            ] {
                let name = |what| format!("{NAME}: {what} on {threads} of the cores");
                let cpu = format!("{}, each", name(what));
                self.figures.extend([
                    Figure::new(name(what), ANY, rate.per_second, "/s"),
                    Figure::new(cpu, ANY, rate.cpu_milliseconds * 1000.0, "µs CPU"),
                ]);
            }
        }
        Ok(())
    }

    fn ceilings_of_the_network(&mut self) -> Outcome<()> {
        let empty = Empty::start()?;
        for connections in CONNECTIONS {
            for (method, question) in [("GET", Question::Get), ("POST", Question::Post)] {
                let load = (self.loader, connections);
                let per_second = empty.ask(question, load, self.settings.pace.ceiling)?;
                let name = format!("{NAME}: empty answers to {method}, {connections} connections");
                self.figures.push(Figure::new(name, ANY, per_second, "/s"));
            }
        }
        Ok(())
    }
}
