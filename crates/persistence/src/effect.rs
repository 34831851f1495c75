//! What a statement of a migration does to those who work meanwhile.

/// A lock of Postgres on a table that is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lock {
    /// None.
    Nothing,
    /// Whoever changes the same rows waits.
    RowExclusive,
    /// Nobody who reads or writes waits.
    ShareUpdateExclusive,
    /// Whoever writes waits.
    Share,
    /// Whoever writes waits.
    ShareRowExclusive,
    /// Everybody waits.
    AccessExclusive,
}

impl Lock {
    /// In the words of Postgres.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing in use",
            Self::RowExclusive => "ROW EXCLUSIVE: nobody waits but for the same rows",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE: nobody waits",
            Self::Share => "SHARE: who writes waits",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE: who writes waits",
            Self::AccessExclusive => "ACCESS EXCLUSIVE: who reads or writes waits",
        }
    }
}

/// For how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// The definition alone changes.
    Moment,
    /// As many rows as it writes.
    Rows,
    /// The table is read in full.
    Scan,
    /// The table is written anew.
    Rewrite,
}

impl Work {
    /// In words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Moment => "for a moment",
            Self::Rows => "as long as its rows take",
            Self::Scan => "while the table is read in full",
            Self::Rewrite => "while the table is written anew",
        }
    }
}

/// What a statement does on Postgres.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    /// The table that is locked, or made.
    pub table: String,
    /// How.
    pub lock: Lock,
    /// For how long.
    pub work: Work,
    /// Whether it takes away or tightens something that the release before may use.
    pub contracts: bool,
}

/// The effect of a statement; `made` are tables that the same migrations make, which nobody uses yet.
/// `None` for a kind that is not known here, which no migration may be.
pub(crate) fn of(statement: &str, made: &mut Vec<String>) -> Option<Effect> {
    let words = words(statement);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (table, lock, work, contracts) = match words.as_slice() {
        ["CREATE", "TABLE", table, rest @ ..] => {
            made.push((*table).to_owned());
            let referred = after(rest, "REFERENCES").filter(|of| !made.iter().any(|one| one == of));
            match referred {
                Some(of) => (of, Lock::ShareRowExclusive, Work::Moment, false),
                None => (*table, Lock::Nothing, Work::Moment, false),
            }
        }
        ["DROP", "TABLE", table, ..] => (*table, Lock::AccessExclusive, Work::Moment, true),
        ["CREATE", "UNIQUE", "INDEX", rest @ ..] => {
            let (table, lock, work) = index(rest)?;
            (table, lock, work, !made.iter().any(|one| one == table))
        }
        ["CREATE", "INDEX", rest @ ..] => {
            let (table, lock, work) = index(rest)?;
            (table, lock, work, false)
        }
        ["DROP", "INDEX", "CONCURRENTLY", name, ..] => {
            (*name, Lock::ShareUpdateExclusive, Work::Moment, false)
        }
        ["DROP", "INDEX", name, ..] => (*name, Lock::AccessExclusive, Work::Moment, false),
        ["ALTER", "TABLE", table, rest @ ..] => {
            let (lock, work, contracts) = alteration(rest)?;
            (*table, lock, work, contracts)
        }
        ["INSERT", "INTO", table, ..] | ["UPDATE", table, ..] | ["DELETE", "FROM", table, ..] => {
            (*table, Lock::RowExclusive, Work::Rows, false)
        }
        ["WITH", rest @ ..] => (after(rest, "INTO")?, Lock::RowExclusive, Work::Rows, false),
        _ => return None,
    };
    let is_made = made.iter().any(|one| one == table);
    Some(Effect {
        table: table.to_owned(),
        lock: if is_made { Lock::Nothing } else { lock },
        work: if is_made { Work::Moment } else { work },
        contracts: contracts && !is_made,
    })
}

/// Upper-case words and names as they are written, without punctuation and quoted texts.
fn words(statement: &str) -> Vec<String> {
    let code = statement
        .lines()
        .map(|line| line.split_once("--").map_or(line, |(code, _)| code));
    let code: Vec<&str> = code.collect();
    let code = code.join(" ");
    // Every other part of a text that is split at quotes was quoted.
    let bare: Vec<&str> = code.split('\'').step_by(2).collect();
    let bare = bare.join(" ' ");
    let bare = bare.replace("IF NOT EXISTS", "").replace("IF EXISTS", "");
    let separated = bare.replace(['(', ','], " , ").replace([')', ';'], " ");
    let words = separated.split_whitespace();
    words
        .filter(|word| *word != "ONLY")
        .map(|word| word.trim_matches('"').to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

fn after<'a>(words: &[&'a str], word: &str) -> Option<&'a str> {
    let place = words.iter().position(|one| *one == word)?;
    words.get(place + 1).copied()
}

fn index<'a>(rest: &[&'a str]) -> Option<(&'a str, Lock, Work)> {
    let table = after(rest, "ON")?;
    Some(if rest.first() == Some(&"CONCURRENTLY") {
        (table, Lock::ShareUpdateExclusive, Work::Scan)
    } else {
        (table, Lock::Share, Work::Scan)
    })
}

/// The worst of what an `ALTER TABLE` does.
fn alteration(words: &[&str]) -> Option<(Lock, Work, bool)> {
    let mut worst: Option<(Lock, Work, bool)> = None;
    for action in split_actions(words) {
        let (lock, work, contracts) = action_of(action)?;
        let (most, longest, any) = worst.unwrap_or((Lock::Nothing, Work::Moment, false));
        let longer = match (longest, work) {
            (Work::Rewrite, _) | (_, Work::Moment) => longest,
            _ => work,
        };
        worst = Some((most.max(lock), longer, any || contracts));
    }
    worst
}

/// At commas before the word of a new action: those of a list do not count.
fn split_actions<'w, 's>(words: &'w [&'s str]) -> Vec<&'w [&'s str]> {
    let begins = |at: usize| {
        let next = words.get(at + 1).copied();
        matches!(next, Some("ADD" | "DROP" | "ALTER" | "RENAME" | "VALIDATE"))
    };
    let mut actions = Vec::new();
    let mut from = 0;
    for (at, word) in words.iter().enumerate() {
        if *word == "," && begins(at) {
            actions.extend(words.get(from..at));
            from = at + 1;
        }
    }
    actions.extend(words.get(from..));
    actions
}

fn action_of(words: &[&str]) -> Option<(Lock, Work, bool)> {
    let has = |word: &str| words.contains(&word);
    let all = Lock::AccessExclusive;
    Some(match words {
        ["ADD", "CONSTRAINT", ..] => {
            let lock = if has("FOREIGN") {
                Lock::ShareRowExclusive
            } else {
                all
            };
            let work = if has("VALID") {
                Work::Moment
            } else {
                Work::Scan
            };
            (lock, work, true)
        }
        ["ADD", "COLUMN", ..] => {
            let calls = after(words, "DEFAULT").is_some() && has(",");
            let work = match () {
                () if calls || has("GENERATED") => Work::Rewrite,
                () if has("REFERENCES") || has("CHECK") || has("UNIQUE") => Work::Scan,
                () => Work::Moment,
            };
            // What the release before writes has no such column.
            (all, work, has("NULL") && !has("DEFAULT"))
        }
        ["DROP", "COLUMN", ..] | ["RENAME", ..] | ["ALTER", "COLUMN", _, "DROP", "DEFAULT"] => {
            (all, Work::Moment, true)
        }
        ["ALTER", "COLUMN", _, "TYPE", ..] => (all, Work::Rewrite, true),
        ["ALTER", "COLUMN", _, "SET", "NOT", ..] => (all, Work::Scan, true),
        ["ALTER", "COLUMN", _, "SET", "DEFAULT", ..]
        | ["ALTER", "COLUMN", _, "DROP", "NOT", ..]
        | ["DROP", "CONSTRAINT", ..] => (all, Work::Moment, false),
        ["VALIDATE", "CONSTRAINT", ..] => (Lock::ShareUpdateExclusive, Work::Scan, false),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn effect(statement: &str) -> (String, Lock, Work, bool) {
        let effect = of(statement, &mut Vec::new()).unwrap();
        (effect.table, effect.lock, effect.work, effect.contracts)
    }

    const EFFECTS: &[(&str, Lock, Work, bool)] = &[
        (
            "ALTER TABLE t ADD COLUMN a text",
            Lock::AccessExclusive,
            Work::Moment,
            false,
        ),
        (
            "ALTER TABLE t ADD COLUMN a json NOT NULL DEFAULT '[]'",
            Lock::AccessExclusive,
            Work::Moment,
            false,
        ),
        (
            "ALTER TABLE t ADD COLUMN a text NOT NULL",
            Lock::AccessExclusive,
            Work::Moment,
            true,
        ),
        (
            "ALTER TABLE t ADD COLUMN a uuid DEFAULT gen_random_uuid()",
            Lock::AccessExclusive,
            Work::Rewrite,
            false,
        ),
        (
            "ALTER TABLE t\n ADD COLUMN a text,\n DROP COLUMN b",
            Lock::AccessExclusive,
            Work::Moment,
            true,
        ),
        (
            "ALTER TABLE t RENAME COLUMN a TO b",
            Lock::AccessExclusive,
            Work::Moment,
            true,
        ),
        (
            "ALTER TABLE t ALTER COLUMN a TYPE bigint",
            Lock::AccessExclusive,
            Work::Rewrite,
            true,
        ),
        (
            "ALTER TABLE t ALTER COLUMN a SET NOT NULL",
            Lock::AccessExclusive,
            Work::Scan,
            true,
        ),
        (
            "ALTER TABLE t ALTER COLUMN a DROP NOT NULL",
            Lock::AccessExclusive,
            Work::Moment,
            false,
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)",
            Lock::AccessExclusive,
            Work::Scan,
            true,
        ),
        (
            "ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u NOT VALID",
            Lock::ShareRowExclusive,
            Work::Moment,
            true,
        ),
        (
            "ALTER TABLE t VALIDATE CONSTRAINT c",
            Lock::ShareUpdateExclusive,
            Work::Scan,
            false,
        ),
        ("CREATE INDEX i ON t (a, b)", Lock::Share, Work::Scan, false),
        (
            "CREATE UNIQUE INDEX i ON t (a)",
            Lock::Share,
            Work::Scan,
            true,
        ),
        (
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            Lock::ShareUpdateExclusive,
            Work::Scan,
            false,
        ),
        ("DROP TABLE t", Lock::AccessExclusive, Work::Moment, true),
        (
            "INSERT INTO t (a) SELECT 'ALTER TABLE'",
            Lock::RowExclusive,
            Work::Rows,
            false,
        ),
        ("UPDATE t SET a = 1", Lock::RowExclusive, Work::Rows, false),
    ];

    #[test]
    fn locks_and_work_are_those_of_the_manual_of_postgres() {
        for &(statement, lock, work, contracts) in EFFECTS {
            let found = effect(statement);
            assert_eq!(
                found,
                ("t".to_owned(), lock, work, contracts),
                "{statement}"
            );
        }
    }

    #[test]
    fn a_table_that_is_made_keeps_nobody_waiting() {
        let mut made = Vec::new();
        for statement in [
            "CREATE TABLE t (a text)",
            "CREATE UNIQUE INDEX i ON t (a)",
            "DROP TABLE t",
        ] {
            let effect = of(statement, &mut made).unwrap();
            assert_eq!(
                (effect.lock, effect.contracts),
                (Lock::Nothing, false),
                "{statement}"
            );
        }
        let refers = of("CREATE TABLE u (a text REFERENCES v (a))", &mut made).unwrap();
        assert_eq!(
            (refers.table.as_str(), refers.lock),
            ("v", Lock::ShareRowExclusive)
        );
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        for statement in ["LOCK TABLE t", "ALTER TABLE t CLUSTER ON i", "VACUUM t"] {
            assert_eq!(of(statement, &mut Vec::new()), None, "{statement}");
        }
    }
}
