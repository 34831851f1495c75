//! The names of a password's owner.

/// Fewest characters of a name that counts: shorter ones are part of too many good passwords.
const SHORTEST: usize = 4;

/// Most names that are looked at.
const MOST: usize = 32;

/// Longest name that is looked at, in characters.
const LONGEST: usize = 100;

/// What a password may not be made of: each name, each word of it, and what stands before the `@` of
/// an address, in small letters.
pub(super) struct OwnNames(Vec<String>);

impl OwnNames {
    pub(super) fn new(own: &[String]) -> Self {
        let mut names: Vec<String> = Vec::new();
        for part in own.iter().take(MOST).flat_map(|name| parts(name)) {
            let name: String = part
                .chars()
                .take(LONGEST)
                .collect::<String>()
                .to_lowercase();
            if name.chars().count() >= SHORTEST && !names.contains(&name) {
                names.push(name);
            }
            if names.len() == MOST {
                break;
            }
        }
        Self(names)
    }

    /// Whether a password contains one of them.
    pub(super) fn are_part_of(&self, password: &str) -> bool {
        let password = zeroize::Zeroizing::new(password.to_lowercase());
        self.0.iter().any(|name| password.contains(name.as_str()))
    }

    pub(super) fn as_strs(&self) -> Vec<&str> {
        self.0.iter().map(String::as_str).collect()
    }
}

/// The whole name, its local part, and its words.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let name = name.trim();
    let local = name.rsplit_once('@').map(|(local, _domain)| local);
    let words = local.unwrap_or(name).split_whitespace();
    std::iter::once(name).chain(local).chain(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(own: &[&str]) -> OwnNames {
        OwnNames::new(&own.iter().map(|&name| name.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_name_counts_whatever_the_size_of_its_letters() {
        let own = names(&["Jürgen"]);
        assert!(own.are_part_of("xxJÜRGENxx"));
        assert!(!own.are_part_of("xxJÜRGEXNxx"));
    }

    #[test]
    fn words_of_a_name_and_the_local_part_of_an_address_count() {
        let own = names(&["Jane Middleton", "j.doe@example.org"]);
        for part in [
            "1jane2",
            "middleton!",
            "jane middleton",
            "j.doe7",
            "J.DOE@EXAMPLE.ORG",
        ] {
            assert!(own.are_part_of(part), "{part}");
        }
        assert!(!own.are_part_of("example.org"), "others have that too");
    }

    #[test]
    fn short_names_do_not_count() {
        let own = names(&["Bob", "", " ", "@", "Al Li"]);
        assert!(!own.are_part_of("bob likes fish"));
        assert!(
            own.are_part_of("al likes al li"),
            "together they are long enough"
        );
    }

    #[test]
    fn only_so_many_names_are_looked_at() {
        let many: Vec<String> = (0..100_000).map(|n| format!("name{n:06}")).collect();
        assert_eq!(OwnNames::new(&many).as_strs().len(), MOST);
        let words = vec!["word ".repeat(10) + &many.join(" ")];
        assert!(OwnNames::new(&words).as_strs().len() <= MOST);
    }
}
