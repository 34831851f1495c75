//! Many requests at once, by `wrk`.

mod answers;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::affinity::Affinity;
use crate::failure::{Context as _, Failure, Outcome};

pub(crate) use answers::Answers;

const SCRIPT: &str = include_str!("load.lua");
/// Longer than the server lets anybody wait.
const TIMEOUT: &str = "10s";

/// The load generator, with its script in place.
pub(crate) struct Loader {
    folder: PathBuf,
    affinity: Affinity,
    /// Files of tokens written so far: two loads at once have one each.
    files: AtomicU32,
}

/// One request, or a chain of them, sent over and over by some connections.
#[derive(Clone, Copy)]
pub(crate) struct Load<'a> {
    /// Where to. `{n}` in its path is a number from 1 to `numbers`, another one in each request.
    pub(crate) url: &'a str,
    /// The largest number; 0 without any.
    pub(crate) numbers: u32,
    /// The `Authorization` header; empty without one.
    pub(crate) authorization: &'a str,
    /// The body of a POST; without one, it is a GET. `{token}` in it is each of some tokens in turn.
    pub(crate) form: &'a str,
    /// `If-None-Match`; empty without one.
    pub(crate) entity_tag: &'a str,
    /// What requests have to do with one another.
    pub(crate) chain: Chain<'a>,
    /// The status of a good answer, where it is none below 400.
    pub(crate) wanted: Option<u16>,
    /// Connections that send it.
    pub(crate) connections: u32,
    /// The mean pause of a connection between an answer and its next request; zero: at once.
    pub(crate) pause: Duration,
}

/// What requests have to do with one another.
#[derive(Clone, Copy)]
pub(crate) enum Chain<'a> {
    /// Nothing.
    None,
    /// Each names the next of these tokens.
    Tokens(&'a [String]),
    /// Each connection refreshes with the token it was answered last. The first ones, one for each of so many
    /// connections, are made before every load: a load that ends leaves answers unread.
    Refresh(&'a dyn Fn(u32) -> Outcome<Vec<String>>),
    /// Each connection gets a token with the form, then revokes it, and so on.
    Revoke,
    /// Each connection gets a token with the form, then closes its session, and so on.
    Close,
}

impl<'a> Load<'a> {
    /// Gets something.
    pub(crate) const fn get(url: &'a str, authorization: &'a str) -> Self {
        Self::post(url, authorization, "")
    }

    /// Posts a form.
    pub(crate) const fn post(url: &'a str, authorization: &'a str, form: &'a str) -> Self {
        Self {
            url,
            numbers: 0,
            authorization,
            form,
            entity_tag: "",
            chain: Chain::None,
            wanted: None,
            connections: 1,
            pause: Duration::ZERO,
        }
    }

    /// The same, by so many connections.
    pub(crate) const fn by(self, connections: u32) -> Self {
        Self {
            connections,
            ..self
        }
    }

    /// One sends more than the server can answer, and leaves it the other cores. But what a connection sends next
    /// depends on what it was answered only where it has a thread for itself.
    const fn threads(&self) -> u32 {
        match self.chain {
            Chain::None | Chain::Tokens(_) => 1,
            Chain::Refresh(_) | Chain::Revoke | Chain::Close => self.connections,
        }
    }
}

/// A load that can begin.
pub(crate) struct Ready {
    wrk: Command,
    url: String,
    options: Vec<String>,
    wanted: Option<u16>,
}

/// A load that goes on in the background.
pub(crate) struct Running {
    wrk: Child,
    wanted: Option<u16>,
}

impl Loader {
    /// Writes the script into a folder.
    pub(crate) fn prepare(folder: &Path, affinity: Affinity) -> Outcome<Self> {
        let loader = Self {
            folder: folder.to_owned(),
            affinity,
            files: AtomicU32::new(0),
        };
        std::fs::write(loader.script(), SCRIPT).context("cannot write the script of wrk")?;
        Ok(loader)
    }

    /// Puts the load on for so long.
    pub(crate) fn run(&self, load: &Load<'_>, duration: Duration) -> Outcome<Answers> {
        self.ready(load)?.start(duration)?.finish()
    }

    /// Makes what the load needs.
    pub(crate) fn ready(&self, load: &Load<'_>) -> Outcome<Ready> {
        let options = self.options(load)?;
        let mut wrk = self.affinity.load("wrk");
        wrk.args(["--threads", &load.threads().to_string()]);
        wrk.args(["--connections", &load.connections.to_string()]);
        wrk.args(["--timeout", TIMEOUT, "--script"]);
        wrk.arg(self.script());
        wrk.stdin(Stdio::null()).stdout(Stdio::piped());
        Ok(Ready {
            wrk,
            url: load.url.to_owned(),
            options,
            wanted: load.wanted,
        })
    }

    /// What the script is told.
    fn options(&self, load: &Load<'_>) -> Outcome<Vec<String>> {
        let (chain, tokens) = match load.chain {
            Chain::None => ("", None),
            Chain::Tokens(tokens) => ("", Some(self.keep(tokens)?)),
            Chain::Refresh(mint) => {
                let tokens = mint(load.connections)?;
                ("refresh", Some(self.keep(&tokens)?))
            }
            Chain::Revoke => ("revoke", None),
            Chain::Close => ("close", None),
        };
        let wanted = load.wanted.map(|status| status.to_string());
        let options = [
            ("authorization", load.authorization.to_owned()),
            ("form", load.form.to_owned()),
            ("etag", load.entity_tag.to_owned()),
            ("pause", load.pause.as_millis().to_string()),
            ("numbers", load.numbers.to_string()),
            ("tokens", tokens.unwrap_or_default()),
            ("chain", chain.to_owned()),
            ("wanted", wanted.unwrap_or_default()),
        ];
        let said = options.into_iter().filter(|(_, value)| !value.is_empty());
        Ok(said
            .map(|(name, value)| format!("{name}={value}"))
            .collect())
    }

    /// Writes tokens where the script finds them; answers where.
    fn keep(&self, tokens: &[String]) -> Outcome<String> {
        let number = self.files.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(format!("tokens-{number}"));
        std::fs::write(&path, tokens.join("\n")).context("cannot write the tokens for wrk")?;
        Ok(path.to_string_lossy().into_owned())
    }

    fn script(&self) -> PathBuf {
        self.folder.join("load.lua")
    }
}

impl Ready {
    /// Begins to put the load on for so long.
    pub(crate) fn start(mut self, duration: Duration) -> Outcome<Running> {
        let seconds = format!("{}s", duration.as_secs());
        self.wrk.args(["--duration", &seconds, &self.url, "--"]);
        let wrk = self.wrk.args(self.options).spawn();
        Ok(Running {
            wrk: wrk.context("cannot start wrk (Debian's package `wrk`)")?,
            wanted: self.wanted,
        })
    }
}

impl Running {
    /// Waits for its end.
    pub(crate) fn finish(self) -> Outcome<Answers> {
        let output = self.wrk.wait_with_output().context("cannot wait for wrk")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let answers = text.lines().find(|line| line.starts_with('{'));
        let Some(answers) = answers.filter(|_| output.status.success()) else {
            return Err(Failure::new(format!(
                "wrk ended with {}:\n{text}",
                output.status
            )));
        };
        Answers::read(answers, self.wanted)
            .context("what the script of wrk says is not as expected")
    }
}
