//! What a table holds, in 32 bytes.

use grantor_domain::secret::hexadecimal;
use sha2::{Digest as _, Sha256};

use super::Texts;

/// SHA-256 of every row, combined by exclusive or: rows of a table differ from one another, and the two
/// databases need not read them in one order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Digest {
    rows: u64,
    combined: [u8; 32],
}

impl Digest {
    pub(crate) fn add(&mut self, row: &Texts) {
        let mut hash = Sha256::new();
        for value in &row.0 {
            match value {
                None => hash.update([0]),
                Some(text) => {
                    hash.update([1]);
                    hash.update((text.len() as u64).to_be_bytes());
                    hash.update(text.as_bytes());
                }
            }
        }
        self.rows += 1;
        for (to, from) in self.combined.iter_mut().zip(hash.finalize()) {
            *to ^= from;
        }
    }

    pub(crate) const fn rows(&self) -> u64 {
        self.rows
    }

    pub(crate) fn to_text(&self) -> String {
        hexadecimal(&self.combined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(rows: &[&[Option<&str>]]) -> Digest {
        let mut digest = Digest::default();
        for row in rows {
            digest.add(&Texts(
                row.iter().map(|value| value.map(str::to_owned)).collect(),
            ));
        }
        digest
    }

    #[test]
    fn it_depends_on_every_value_and_not_on_the_order_of_rows() {
        let (one, two): (&[_], &[_]) = (&[Some("a"), None], &[Some("b"), Some("")]);
        let both = digest(&[one, two]);
        assert_eq!(both, digest(&[two, one]));
        for other in [
            digest(&[one]),
            digest(&[one, &[Some("b"), None]]),
            digest(&[one, &[Some(""), Some("b")]]),
            digest(&[&[Some("a"), Some("")], two]),
        ] {
            assert_ne!(both, other);
        }
    }
}
