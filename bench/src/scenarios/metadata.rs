//! What anybody may ask, and is asked most often by far: the key set and the metadata, new or as they were.

use crate::ceiling::{Cost, Empty, Question, Yardstick};
use crate::failure::Outcome;
use crate::http;
use crate::load::Load;
use crate::server::Server;
use crate::store::Store;

use super::Bench;
use super::measure::{Subject, Wanted};

const DOCUMENTS: [(&str, &str); 2] = [
    ("key set", "/.well-known/jwks.json"),
    ("metadata", "/.well-known/oauth-authorization-server"),
];

impl Bench<'_> {
    /// Both documents, with and without the tag of what is known, beside empty answers.
    pub(super) fn metadata(&mut self, store: &Store) -> Outcome<()> {
        let server = Server::start(&self.launch(store, Cost::DEFAULT))?;
        let answers = self.yardstick(|| {
            let empty = Empty::start()?;
            Ok(Yardstick::Answers(empty, Question::Get))
        })?;
        for (document, path) in DOCUMENTS {
            let url = server.url(path);
            let tag = http::entity_tag(&url)?;
            for (name, entity_tag) in [
                (document.to_owned(), ""),
                (format!("{document}, 304"), tag.as_str()),
            ] {
                let load = Load::get(&url, "");
                let subject = Subject {
                    name: &name,
                    load: Load { entity_tag, ..load },
                    yardstick: answers.as_ref(),
                    wanted: &|_| Wanted {
                        ratio: ">= 0.8",
                        ..Wanted::default()
                    },
                };
                self.measure_each(store, &server, &subject)?;
            }
        }
        server.stop()
    }
}
