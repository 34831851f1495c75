use proptest::prelude::*;

use super::*;
use crate::argon2_hasher::Cost;

/// A password with what encodings and tables trip over.
const PASSWORD: &str = "pässword ☕";

/// Made by other implementations: argon2-cffi 25.1 (the reference in C), py-bcrypt 5.0 (`OpenBSD`'s),
/// hashlib of Python 3.11 (OpenSSL), passlib 1.7 for its own spelling, Django for its own.
const MADE_ELSEWHERE: &[&str] = &[
    "$argon2id$v=16$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$ky+E3sEvDdF5QNmJ/G3VaACfczLkoBrYfQ0fd+kvHag",
    "$argon2i$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$nLctEDEWTnoAqiEWlLOZ6HhSmFyAuG3LlPTlSVC/yck",
    "$argon2i$v=16$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$xw1hn1OmmhIRvQjtGHPl46hv/kNlgzes/F6fAGRC8XM",
    "$argon2i$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$xw1hn1OmmhIRvQjtGHPl46hv/kNlgzes/F6fAGRC8XM",
    "$argon2d$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$XkUw2YMtzjbBDESKmHVNUP1Zc0beOunAJ+L50gVuqLY",
    "$argon2d$v=16$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$dCiof2wvbeKeF53zR6zvKP053TvbVRk0SfCV4tEJdqc",
    "$2a$04$uKyoxAZ3GAEUDqVnhKwihev67dQchASs4V1eYB3w.6Oa/STdI/Ym2",
    "$2b$04$j3TX58jYArEl21D2Z1lzzOG5CHuxSZZXcJ2RLuCIZkRmOSSnH4ATa",
    "$2y$05$Co5/Er1Wly1DK6lu20MLVeIlHl.hZ3grjAEoJ8olk8/9YJO8OixHi",
    "$scrypt$ln=4,r=8,p=2$AAECAwQFBgcICQoLDA0ODw$dKP/dIJQR7Ye790UfKyzvtaUfcEJD0NjFXNEg7TMXv0",
    "$scrypt$ln=4,r=8,p=1$+/+/+/+/+/+/+/+/+/+/$8Uo/DYhgUvN9zi+pgLjmMvX44csDcZAq5+MWFI6ENTo",
    "$s0$40801$AAECAwQFBgcICQoLDA0ODw==$0DyJ2oMvf1mM6IAWJwUGg+1OEV0pODWwZyulnrArySU=",
    "$s0$f0801$AAECAwQFBgcICQoLDA0ODw==$BlDi+JhhyDicrcdEShFt7fngayMjEMzpYk+Cc9SoNRg=",
    "$pbkdf2-sha256$i=1000$AAECAwQFBgcICQoLDA0ODw$LpJzRdRUqUU9aXj66QO+BVqq55WrABa5w3po/wBYXlo",
    "$pbkdf2-sha256$i=1000,l=64$AAECAwQFBgcICQoLDA0ODw$LpJzRdRUqUU9aXj66QO+BVqq55WrABa5w3po/wBYXloY+N/zPkvMNvF4Rmc2wEPyRSW2azrXRCbMnaEER8Ogwg",
    "$pbkdf2-sha512$i=1000,l=64$AAECAwQFBgcICQoLDA0ODw$WR3V4ljHlJC2renuJRO12BNbxTzr7upQWcdzAZGVChaOsv+vSOYj5gmLCn9VIvHGXTXwDRlDdQtOqYLfhLkG8g",
    "$pbkdf2-sha256$1000$././././././././././$P40/FcCnY97zbxuZbGbbRzyrBSdm3ur5g78pzoZSqW0",
    "$pbkdf2-sha512$1000$././././././././././$nXATTsAChj4054I6.iWov9M6QdT4zyUVO9cAk2hwFtO7pMpt0VBN0OQyvnl/uYx03wofnzkl8cjljlo/DPhTew",
    "pbkdf2_sha256$1000$Kh4bpCq2nWtz$OvabHEeG4UfmFzciljmN5Nk9iF5mRnEpRthL+4ErHS4=",
];

/// Known answers from the documents of the algorithms, as hashes.
const PUBLISHED: &[(&str, &str)] = &[
    // RFC 7914 §12: N 1024, r 8, p 16, and N 16384, r 8, p 1.
    (
        "password",
        "$scrypt$ln=10,r=8,p=16$TmFDbA$/bq+HJ00cgB4VucZDQHp/nxq18vII3gw53N2Y0s3MWIurzDZLiKjiG/xCSedmDDaxyevuUqD7m2DYMvfoswGQA",
    ),
    (
        "pleaseletmein",
        "$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofLVQylVYT8Pz2LUlwUkKpr55h6F3A1lHkDfzwF7RVdYhw",
    ),
    // RFC 7914 §11: PBKDF2 with HMAC-SHA-256, one iteration.
    (
        "passwd",
        "$pbkdf2-sha256$i=1,l=64$c2FsdA$VawEblbjCJ/sFpHCJUS2BflBhSFt3gRl5oudV8INrLxJypzM8Xm2RZkWZLOdd+8xfHG4RbHjC9UJESBB06GXgw",
    ),
    // The tests of jBCrypt.
    (
        "",
        "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.",
    ),
];

const SMALL: Cost = Cost {
    memory: 64,
    passes: 2,
    lanes: 1,
};

fn check(password: &str, hash: &str) -> Result<PasswordCheck, Fault> {
    let mut hasher = Argon2Hasher::new(SMALL).unwrap();
    let hash = PasswordHash::new(hash.to_owned());
    verify(&mut hasher, &Password::new(password.into()), Some(&hash))
}

const OUTDATED: Result<PasswordCheck, Fault> = Ok(PasswordCheck::Right { outdated: true });
const WRONG: Result<PasswordCheck, Fault> = Ok(PasswordCheck::Wrong);

#[test]
fn hashes_of_other_implementations_are_verified_and_outdated() {
    for hash in MADE_ELSEWHERE {
        assert_eq!(check(PASSWORD, hash), OUTDATED, "{hash}");
        assert_eq!(check("pässword", hash), WRONG, "{hash}");
    }
}

#[test]
fn published_answers_are_known() {
    for (password, hash) in PUBLISHED {
        assert_eq!(check(password, hash), OUTDATED, "{hash}");
        assert_eq!(check("another", hash), WRONG, "{hash}");
    }
}

#[test]
fn what_is_verified_is_imported_as_it_is() {
    let published = PUBLISHED.iter().map(|(_, hash)| hash);
    for hash in MADE_ELSEWHERE.iter().chain(published) {
        match import(hash) {
            Import::Hash(taken) => assert_eq!(taken.expose(), *hash),
            other => panic!("{hash}: {other:?}"),
        }
    }
}

#[test]
fn argon2id_of_todays_cost_is_taken_over_for_good() {
    let hash = "$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$YiY9PklzE6/J7/T1+reD563sQGQOJMtE1cZHnI4jZQw";
    assert!(matches!(import(hash), Import::Hash(_)));
    let right = Ok(PasswordCheck::Right { outdated: false });
    assert_eq!(check(PASSWORD, hash), right);
}

#[test]
fn bcrypt_looks_at_72_bytes_as_others_do() {
    // Made by py-bcrypt from 71 letters and an x.
    let hash = "$2b$04$LwFzBSi2XbOBqmTHCdnleePST1yDtSpkBoUYAzEcC4F4.h/hfbH7u";
    let long = format!("{}x", "a".repeat(71));
    assert_eq!(check(&long, hash), OUTDATED);
    assert_eq!(check(&format!("{long} and more"), hash), OUTDATED);
    assert_eq!(check(&"a".repeat(71), hash), WRONG);
}

#[test]
fn a_password_with_a_nul_is_not_right_for_bcrypt() {
    let empty = "$2a$06$DCq7YPn5Rq63x1Lad4cll.TV4S6ytwfsfvkgY8jIucDrjc8deX1s.";
    assert_eq!(check("", empty), OUTDATED);
    assert_eq!(check("\0", empty), WRONG);
    assert_eq!(check("\0more", empty), WRONG);
}

#[test]
fn a_text_that_begins_like_no_hash_is_none() {
    for text in [
        "",
        "secret",
        "$",
        "$$$",
        "$money$",
        "$2",
        "$2c$10$",
        "$argon2",
        "$argon2id",
        " $2b$04$j3TX58jYArEl21D2Z1lzzOG5CHuxSZZXcJ2RLuCIZkRmOSSnH4ATa",
        "$scrypt",
        "$s1$",
        "$S0$",
        "pbkdf2",
        "☕$2b$",
    ] {
        assert!(matches!(import(text), Import::NoHash), "{text:?}");
    }
}

const SALT: &str = "AAECAwQFBgcICQoLDA0ODw";
const OUTPUT: &str = "LpJzRdRUqUU9aXj66QO+BVqq55WrABa5w3po/wBYXlo";

fn refused_bcrypt() -> Vec<String> {
    let digest = "j3TX58jYArEl21D2Z1lzzOG5CHuxSZZXcJ2RLuCIZkRmOSSnH4ATa";
    let cut = &digest[2..];
    vec![
        format!("$2b$04${digest}\n"),
        format!("$2b$4${digest}"),
        format!("$2b$+4${digest}"),
        format!("$2b$03${digest}"),
        format!("$2b$15${digest}"),
        format!("$2b$31${digest}"),
        format!("$2b$04${digest}a"),
        format!("$2b$04$é{cut}"),
        "$2b$04$".into(),
        "$2b$".into(),
    ]
}

fn refused_costs() -> Vec<String> {
    let scrypt = [
        "ln=18,r=8,p=1",
        "ln=17,r=9,p=1",
        "ln=17,r=8,p=3",
        "ln=4,r=8,p=17",
        "ln=0,r=8,p=1",
        "ln=4,r=0,p=1",
        "ln=4,r=8,p=0",
        "ln=63,r=4294967295,p=1",
        "ln=256,r=8,p=1",
        "ln=4,r=8",
        "r=8,ln=4,p=1",
        "ln=4,r=8,p=1,q=1",
        "4,8,1",
        "",
    ];
    let s0 = [
        "",
        "g0801",
        "+40801",
        "120801",
        "40001",
        "40800",
        "10000801",
        "1000000000",
    ];
    let pbkdf2 = [
        "i=0",
        "i=2000001",
        "i=01",
        "i=1000,l=31",
        "i=1000,l=32,x=1",
        "0",
        "2000001",
    ];
    let scrypt = scrypt.map(|cost| format!("$scrypt${cost}${SALT}${OUTPUT}"));
    let s0 = s0.map(|cost| format!("$s0${cost}${SALT}==${OUTPUT}="));
    let pbkdf2 = pbkdf2.map(|cost| format!("$pbkdf2-sha256${cost}${SALT}${OUTPUT}"));
    [&scrypt[..], &s0, &pbkdf2].concat()
}

fn refused_digests() -> Vec<String> {
    let long = "A".repeat(87);
    let digests = [
        ("", OUTPUT),
        ("AAEC", OUTPUT),
        (long.as_str(), OUTPUT),
        (SALT, ""),
        (SALT, "AAECAwQFBgcICQoLDA0O"),
        (SALT, long.as_str()),
        (SALT, "LpJzRdRUqUU9aXj66QO+BVqq55WrABa5w3po/wBYXlp"),
        ("AAECAwQFBgcICQoLDA0ODw==", OUTPUT),
        ("AAECAwQFBgcICQoLDA0OD*", OUTPUT),
    ];
    let pbkdf2 = digests.map(|(salt, output)| format!("$pbkdf2-sha512$i=1000${salt}${output}"));
    let scrypt = digests.map(|(salt, output)| format!("$scrypt$ln=4,r=8,p=1${salt}${output}"));
    [pbkdf2, scrypt].concat()
}

/// What is malformed, too weak to mean anything, or costs more than is paid.
fn refused() -> Vec<String> {
    let cut = [
        "$pbkdf2-sha256$",
        "$scrypt$",
        "$s0$",
        "pbkdf2_sha256$",
        "$s0$$$",
        "$argon2id$",
    ];
    let django = [
        format!("pbkdf2_sha256$2000001$Kh4bpCq2nWtz${OUTPUT}="),
        format!("pbkdf2_sha256$1000$Kh4bpCq2nWtz${OUTPUT}"),
    ];
    [
        refused_bcrypt(),
        refused_costs(),
        refused_digests(),
        cut.map(str::to_owned).to_vec(),
        django.to_vec(),
    ]
    .concat()
}

#[test]
fn what_is_malformed_or_too_costly_is_refused() {
    for text in refused() {
        assert!(matches!(import(&text), Import::Refused(_)), "{text:?}");
    }
}

#[test]
fn what_is_refused_is_corrupt_when_it_is_stored_all_the_same() {
    for text in refused() {
        let answer = check(PASSWORD, &text);
        assert!(
            matches!(answer, Err(Fault::Corrupt(_))),
            "{text}: {answer:?}"
        );
    }
}

#[test]
fn argon2_above_what_is_paid_for_others_is_refused() {
    let rest = "c29tZXNhbHRzb21lc2FsdA$YiY9PklzE6/J7/T1+reD563sQGQOJMtE1cZHnI4jZQw";
    for kind in ["argon2id$v=19", "argon2id$v=16", "argon2i$v=19", "argon2d"] {
        for cost in [
            "m=262145,t=1,p=1",
            "m=262144,t=5,p=1",
            "m=64,t=65,p=1",
            "m=256,t=1,p=17",
            "m=7,t=1,p=1",
            "m=64,t=0,p=1",
            "m=64,t=1",
        ] {
            let text = format!("${kind}${cost}${rest}");
            assert!(matches!(import(&text), Import::Refused(_)), "{text}");
        }
        let most = format!("${kind}$m=262144,t=4,p=16${rest}");
        assert!(matches!(import(&most), Import::Hash(_)), "{most}");
    }
}

#[test]
fn hashes_of_other_kinds_are_refused_and_not_taken_for_passwords() {
    for text in [
        "$1$O3JMY.Tw$AdLnLjQ/5jXF9.MTp3gHv/",
        "$2x$04$j3TX58jYArEl21D2Z1lzzOG5CHuxSZZXcJ2RLuCIZkRmOSSnH4ATa",
        "$5$rounds=5000$salt$",
        "$6$rounds=5000$salt$",
        "$y$j9T$salt$",
        "$pbkdf2$131000$salt$",
        "argon2$argon2id$v=19$m=64,t=2,p=1$c29tZXNhbHQ$",
        "bcrypt_sha256$$2b$04$",
    ] {
        assert!(matches!(import(text), Import::Refused(_)), "{text}");
    }
}

#[test]
fn a_wrong_guess_costs_todays_hash_as_well() {
    let hash = PasswordHash::new(MADE_ELSEWHERE.last().copied().unwrap().into());
    let mut hasher = Argon2Hasher::new(SMALL).unwrap();
    let mut ask = |text: &str| {
        hasher.forget_memory();
        let answer = verify(&mut hasher, &Password::new(text.into()), Some(&hash));
        (answer, hasher.has_memory())
    };
    assert_eq!(ask(PASSWORD), (OUTDATED, false));
    assert_eq!(ask("another"), (WRONG, true));
}

#[test]
fn a_hash_cut_or_changed_anywhere_never_panics() {
    for hash in MADE_ELSEWHERE {
        for place in 0..hash.len() {
            let _read = import(&hash[..place]);
            for other in ["$", "=", "é", "\0", "9", ""] {
                let changed = format!("{}{other}{}", &hash[..place], &hash[place + 1..]);
                match import(&changed) {
                    Import::Hash(_) | Import::Refused(_) | Import::NoHash => {}
                }
            }
        }
    }
}

/// Texts that begin like a hash and go on in its letters, or in any.
fn likely() -> impl Strategy<Value = String> {
    let prefix = proptest::sample::select(vec![
        "$argon2id$v=19$m=64,t=1,p=1$",
        "$argon2i$",
        "$2b$04$",
        "$2a$",
        "$scrypt$ln=1,r=1,p=1$",
        "$scrypt$",
        "$s0$10101$",
        "$s0$",
        "$pbkdf2-sha256$i=1$",
        "$pbkdf2-sha512$1$",
        "pbkdf2_sha256$1$",
        "",
    ]);
    (
        prefix,
        prop_oneof!["[A-Za-z0-9./+=,$]{0,120}", "\\PC{0,60}"],
    )
        .prop_map(|(prefix, rest)| format!("{prefix}{rest}"))
}

proptest! {
    #[test]
    fn whatever_is_imported_can_be_verified(text in likely(), password in "\\PC{0,80}") {
        let answer = check(&password, &text);
        match import(&text) {
            Import::Hash(_) => prop_assert!(answer.is_ok(), "{answer:?}"),
            Import::Refused(_) | Import::NoHash => {
                prop_assert!(matches!(answer, Err(Fault::Corrupt(_))), "{answer:?}");
            }
        }
    }
}
