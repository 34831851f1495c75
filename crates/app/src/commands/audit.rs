//! `grantor audit verify|export`.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use grantor_domain::Fault;
use grantor_domain::audit::{Chain, EventId, EventQuery, Link, Verified};
use grantor_domain::caller::Caller;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::ports::EventLog;
use grantor_domain::resources::ResourceKind;
use grantor_domain::secret::{from_hexadecimal, hexadecimal};
use grantor_domain::time::Timestamp;
use grantor_domain::window::{Start, Window};
use grantor_http_api::audit_event_json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::config::Config;
use crate::failure::Failure;
use crate::wiring::{self, Machine};

/// Events that are sealed or read at once.
const BATCH: u32 = 1000;

/// What to do with the audit trail.
#[derive(Debug, Subcommand)]
pub(super) enum Audit {
    /// Follow the chain of events and name the first place where it breaks.
    Verify {
        /// The head that an earlier verification printed: it must still be part of the chain.
        #[arg(long, value_name = "ID:SEAL", value_parser = link)]
        head: Option<Link>,
    },
    /// Print events as JSON lines, oldest first.
    Export {
        /// The first instant, like 2026-01-01T00:00:00Z.
        #[arg(long, value_name = "INSTANT", value_parser = instant)]
        since: Option<Timestamp>,
        /// The first instant that is no longer wanted.
        #[arg(long, value_name = "INSTANT", value_parser = instant)]
        until: Option<Timestamp>,
        /// Where to write to, for the owner alone; standard output when it is not said.
        #[arg(long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

impl Audit {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failure> {
        let machine = Machine::default();
        let persistence = super::store_in_order(config)?;
        let log = persistence.events();
        match self {
            Self::Verify { head } => {
                let chain = wiring::chain(config, &persistence, &machine)?;
                let found = check(&chain, head.as_ref()).map_err(unanswered)?;
                let event = verification(&found, machine.clock.now());
                log.append(&[event]).map_err(unanswered)?;
                report(&found, head.as_ref())
            }
            Self::Export {
                since,
                until,
                output,
            } => {
                let query = EventQuery {
                    dates: vec![(*since, *until)],
                    ascending: true,
                    ..EventQuery::all(Window::first(BATCH))
                };
                let mut out = open(output.as_deref()).map_err(unwritten)?;
                export(log.as_ref(), query, &mut out)?;
                out.flush().map_err(unwritten)
            }
        }
    }
}

/// What a verification found, and whether a head of before is still there.
struct Found {
    verified: Verified,
    has_head: bool,
}

fn check(chain: &Chain, head: Option<&Link>) -> Result<Found, Fault> {
    while chain.seal(BATCH)? == BATCH {}
    Ok(Found {
        verified: chain.verify()?,
        has_head: head.map_or(Ok(true), |head| chain.holds(head))?,
    })
}

fn verification(found: &Found, now: Timestamp) -> Event {
    let mut event = Event::new(EventKind::AuditVerified, now).by(&Caller::operator());
    if let Some(head) = &found.verified.head {
        event = event.detail(written(head));
    }
    match &found.verified.broken {
        Some(broken) => event.about(ResourceKind::AuditEvent, &broken.id.to_string()),
        None => event,
    }
}

fn report(found: &Found, wanted: Option<&Link>) -> Result<(), Failure> {
    let Verified {
        events,
        head,
        broken,
    } = &found.verified;
    if let Some(broken) = broken {
        return Err(Failure::say(format!(
            "the audit trail is broken: AuditEvent {} {}; {events} before it follow from one another",
            broken.id, broken.wrong
        )));
    }
    if let Some(wanted) = wanted.filter(|_| !found.has_head) {
        return Err(Failure::say(format!(
            "the audit trail was cut off: the head {} is not part of it any more",
            written(wanted)
        )));
    }
    let head = head.as_ref().map_or_else(|| "none".to_owned(), written);
    super::print(&format!(
        "the audit trail is whole: {events} events\nhead {head}\n"
    ))
}

fn export(log: &dyn EventLog, mut query: EventQuery, out: &mut dyn Write) -> Result<(), Failure> {
    loop {
        let page = log.search(&query).map_err(unanswered)?;
        for event in &page.items {
            writeln!(out, "{}", audit_event_json(event)).map_err(unwritten)?;
        }
        let Some(last) = page.items.last().filter(|_| page.more) else {
            return Ok(());
        };
        query.window.start = Start::After(last.position());
    }
}

fn open(output: Option<&Path>) -> io::Result<Box<dyn Write>> {
    Ok(match output {
        None => Box::new(BufWriter::new(io::stdout().lock())),
        Some(path) => {
            let mut options = OpenOptions::new();
            options.write(true).create(true).truncate(true).mode(0o600);
            Box::new(BufWriter::new(options.open(path)?))
        }
    })
}

fn unanswered(fault: Fault) -> Failure {
    Failure::new("cannot read the audit trail", fault)
}

fn unwritten(error: io::Error) -> Failure {
    Failure::new("cannot write the events", error)
}

/// A link in one word: the id of its event, and its seal in hexadecimal digits.
fn written(link: &Link) -> String {
    format!("{}:{}", link.id, hexadecimal(&link.seal))
}

fn link(text: &str) -> Result<Link, String> {
    let read = || {
        let (id, digits) = text.split_once(':')?;
        let id = EventId::parse(id)?;
        let seal = from_hexadecimal(digits)?;
        Some(Link { id, seal })
    };
    read().ok_or_else(|| "must be a head as `grantor audit verify` prints it".to_owned())
}

fn instant(text: &str) -> Result<Timestamp, String> {
    let read = OffsetDateTime::parse(text, &Rfc3339).ok();
    let micros = read.and_then(|at| i64::try_from(at.unix_timestamp_nanos() / 1000).ok());
    micros
        .map(Timestamp::from_micros)
        .ok_or_else(|| "must be an instant, like 2026-01-01T00:00:00Z".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_read_as_it_is_written() {
        let head = Link {
            id: EventId::from_row(12),
            seal: [0xa7; 32],
        };
        assert_eq!(link(&written(&head)), Ok(head));
        for bad in ["", "12", "12:", "12:a7", ":a7", "x:y"] {
            assert!(link(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn instants_are_those_of_rfc_3339() {
        assert_eq!(
            instant("1970-01-01T01:00:00.5+01:00"),
            Ok(Timestamp::from_micros(500_000))
        );
        assert!(instant("2026-01-01").is_err());
    }
}
