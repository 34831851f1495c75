//! Users who come from elsewhere with their hashes, in transactions.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::ceiling::Cost;
use crate::failure::Outcome;
use crate::http;
use crate::report::Figure;
use crate::seed::HASH;
use crate::server::{ADMINISTRATOR, Bundle, Server};
use crate::store::Store;

use super::Bench;

/// Users of a Bundle. More do not fit into the largest body the server reads, 1 MiB.
const SIZES: [usize; 3] = [100, 500, 1000];

/// Bundles that were sent one after another.
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
        send(&server, &[bundle("warm", 0, 100)], 100)?;
        for size in SIZES {
            let kind = format!("u{size}");
            let bundles: Vec<String> = (0..self.settings.pace.imported.div_ceil(size))
                .map(|number| bundle(&kind, number * size, size))
                .collect();
            for (name, is_new) in [("import", true), ("import again", false)] {
                let sent = send(&server, &bundles, size)?;
                self.report_import(
                    store,
                    &format!("{name}, Bundles of {size}"),
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

fn send(server: &Server, bundles: &[String], size: usize) -> Outcome<Sent> {
    server.settle()?;
    let url = server.url("/");
    let (cpu, started) = (server.cpu_time()?, Instant::now());
    for bundle in bundles {
        http::post_json(&url, ADMINISTRATOR, bundle)?;
    }
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
