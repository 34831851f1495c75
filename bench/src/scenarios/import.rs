//! Users who come from elsewhere with their hashes, in transactions.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::ceiling::Cost;
use crate::failure::{Failure, Outcome};
use crate::http;
use crate::report::Figure;
use crate::seed::HASH;
use crate::server::{ADMINISTRATOR, Bundle, Server};
use crate::store::Store;

use super::Bench;

/// Users of a Bundle. More do not fit into the largest body the server reads, 1 MiB.
const SIZES: [usize; 3] = [100, 500, 1000];

/// Who sends Bundles at once. Two keep the server reading one while the database writes another.
const SENDERS: [usize; 2] = [1, 2];

/// Bundles that were sent.
struct Sent {
    /// All of them took so long.
    elapsed: Duration,
    /// CPU time the server took.
    cpu: Duration,
    users: usize,
}

impl Bench<'_> {
    pub(super) fn import(&mut self, store: &Store) -> Outcome<()> {
        let own = store.apart("import");
        own.clear()?;
        let mut launch = self.launch(&own, Cost::DEFAULT);
        launch.bundle = Bundle::Administration;
        let server = Server::start(&launch)?;
        // Whatever is done once is done before it counts.
        send(&server, &[bundle("warm", 0, 100)], (100, 1))?;
        for (size, senders) in SIZES
            .iter()
            .flat_map(|size| SENDERS.map(|many| (*size, many)))
        {
            let kind = format!("u{size}-{senders}");
            let bundles: Vec<String> = (0..self.settings.pace.imported.div_ceil(size))
                .map(|number| bundle(&kind, number * size, size))
                .collect();
            for (name, is_new) in [("import", true), ("import again", false)] {
                let sent = send(&server, &bundles, (size, senders))?;
                self.report_import(
                    store,
                    &format!("{name}, Bundles of {size}, {senders} at once"),
                    (&sent, is_new),
                );
            }
        }
        server.stop()?;
        own.clear()
    }

    #[expect(clippy::cast_precision_loss, reason = "a bench imports few users")]
    fn report_import(&mut self, store: &Store, name: &str, (sent, is_new): (&Sent, bool)) {
        let users = sent.users as f64;
        let figure =
            |what, value, unit| Figure::new(format!("{name}: {what}"), store.name, value, unit);
        let wanted = if is_new { ">= 5000" } else { "" };
        self.figures.extend([
            figure("users a second", users / sent.elapsed.as_secs_f64(), "").wanted(wanted),
            figure("by user", sent.cpu.as_secs_f64() * 1000.0 / users, "ms CPU"),
        ]);
    }
}

fn send(server: &Server, bundles: &[String], (size, senders): (usize, usize)) -> Outcome<Sent> {
    server.settle()?;
    let url = server.url("/");
    let (cpu, started) = (server.cpu_time()?, Instant::now());
    let in_turn = |first: usize| {
        let mut own = bundles.iter().skip(first).step_by(senders);
        own.try_for_each(|bundle| http::post_json(&url, ADMINISTRATOR, bundle).map(drop))
    };
    thread::scope(|scope| {
        let senders: Vec<_> = (0..senders)
            .map(|first| scope.spawn(move || in_turn(first)))
            .collect();
        senders.into_iter().try_for_each(|sender| {
            let panicked = |_| Err(Failure::new("a sender of Bundles panicked"));
            sender.join().unwrap_or_else(panicked)
        })
    })?;
    let elapsed = started.elapsed();
    Ok(Sent {
        elapsed,
        cpu: server.cpu_time()?.saturating_sub(cpu),
        users: bundles.len() * size,
    })
}

/// So many users, numbered from `first`.
fn bundle(kind: &str, first: usize, size: usize) -> String {
    let entries = (first..first + size).map(|number| {
        let id = format!("{kind}-{number}");
        json!({
            "request": { "method": "PUT", "url": format!("User/{id}") },
            "resource": {
                "resourceType": "User",
                "userName": id,
                "email": format!("{id}@example.com"),
                "name": { "givenName": "Given", "familyName": format!("Family-{}", number % 100) },
                "password": HASH,
            },
        })
    });
    let entries: Vec<_> = entries.collect();
    json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries }).to_string()
}
