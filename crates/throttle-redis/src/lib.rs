//! Grantor's budgets for guesses in a Redis (6.0 or newer), for installations whose replicas would
//! rather not write them to their database.
//!
//! Each debit is one script, so it is atomic. A Redis that does not answer is a
//! [`Fault`](grantor_domain::Fault): nobody guesses while nobody counts.

mod connections;

use std::fmt;
use std::time::Duration;

use grantor_domain::Fault;
use grantor_domain::ports::{Debit, Debited, Throttle};
use grantor_domain::time::Timestamp;
use redis::{RedisResult, Script, ScriptInvocation};

use connections::Connections;

/// Where the Redis is, and how it is spoken with.
#[derive(Clone)]
pub struct RedisOptions {
    /// `redis://:PASSWORD@HOST:PORT/NUMBER` or `redis+unix:///SOCKET`.
    pub url: String,
    /// How long a connection, and then an answer, is waited for.
    pub timeout: Duration,
    /// What every key begins with. The braces keep the keys of one debit on one node of a cluster.
    pub prefix: String,
    /// Whose clock counts.
    pub time: TimeSource,
}

/// Whose clock counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeSource {
    /// The server's, one for all replicas.
    Redis,
    /// The caller's, which tests move.
    Caller,
}

impl RedisOptions {
    /// The options of an installation that has the database of the URL for itself.
    #[must_use]
    pub fn new(url: &str, timeout: Duration) -> Self {
        Self {
            url: url.to_owned(),
            timeout,
            prefix: "{grantor}:throttle:".to_owned(),
            time: TimeSource::Redis,
        }
    }
}

impl fmt::Debug for RedisOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisOptions")
            .field("url", &"[redacted]")
            .field("timeout", &self.timeout)
            .field("prefix", &self.prefix)
            .field("time", &self.time)
            .finish()
    }
}

/// The URL names no Redis. It is not repeated: it may hold a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the URL of a Redis: redis://:PASSWORD@HOST:PORT/NUMBER or redis+unix:///SOCKET")]
pub struct InvalidUrl;

/// Budgets in a Redis.
pub struct RedisThrottle {
    connections: Connections,
    prefix: String,
    time: TimeSource,
    debit: Script,
    refund: Script,
}

impl RedisThrottle {
    /// Reads the options. It connects when it is first asked.
    ///
    /// # Errors
    /// [`InvalidUrl`].
    pub fn connect(options: &RedisOptions) -> Result<Self, InvalidUrl> {
        Ok(Self {
            connections: Connections::new(&options.url, options.timeout)?,
            prefix: options.prefix.clone(),
            time: options.time,
            debit: Script::new(include_str!("debit.lua")),
            refund: Script::new(include_str!("refund.lua")),
        })
    }

    fn key(&self, debit: &Debit) -> String {
        format!("{}{}", self.prefix, debit.key)
    }

    fn debiting(&self, debits: &[Debit], now: Timestamp) -> ScriptInvocation<'_> {
        let mut call = self.debit.prepare_invoke();
        match self.time {
            TimeSource::Redis => call.arg(""),
            TimeSource::Caller => call.arg(now.as_micros()),
        };
        for debit in debits {
            call.key(self.key(debit));
            call.arg(debit.budget.interval()).arg(debit.budget.burst);
        }
        call
    }
}

impl Throttle for RedisThrottle {
    fn debit(&self, debits: &[Debit], now: Timestamp) -> Result<Debited, Fault> {
        let call = self.debiting(debits, now);
        // Whether a connection that broke had debited before is not known. Debiting again errs on the safe side.
        let answer: Vec<i64> = self.connections.run_repeatedly(|link| call.invoke(link))?;
        let &[wait, whose] = answer.as_slice() else {
            return Ok(Debited::Granted);
        };
        let whose = usize::try_from(whose).ok().and_then(|n| n.checked_sub(1));
        let scope = whose
            .and_then(|index| debits.get(index))
            .map(|debit| debit.scope);
        let unreadable = || Fault::Corrupt("the answer of Redis names no budget".to_owned());
        Ok(Debited::Refused {
            retry_after: Timestamp::from_micros(wait).since(Timestamp::from_micros(0)),
            scope: scope.ok_or_else(unreadable)?,
        })
    }

    fn refund(&self, debits: &[Debit], _now: Timestamp) -> Result<(), Fault> {
        let mut call = self.refund.prepare_invoke();
        for debit in debits {
            call.key(self.key(debit)).arg(debit.budget.interval());
        }
        let give_back = |link: &mut redis::Connection| -> RedisResult<()> { call.invoke(link) };
        self.connections.run(give_back)
    }
}

impl fmt::Debug for RedisThrottle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisThrottle")
            .field("prefix", &self.prefix)
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}
