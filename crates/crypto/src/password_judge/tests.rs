use proptest::prelude::*;

use super::*;

fn judge(rules: PasswordRules, password: &str, own: &[&str]) -> Vec<String> {
    let own: Vec<String> = own.iter().map(|&name| name.to_owned()).collect();
    RuleJudge::new(rules).problems(&Password::new(password.to_owned()), &own)
}

fn problems(password: &str, own: &[&str]) -> Vec<String> {
    judge(STRICT, password, own)
}

const STRICT: PasswordRules = PasswordRules {
    min_length: 10,
    min_score: 3,
    check_common: true,
    check_own_names: true,
};

/// No rule but those a test adds.
const NO_RULES: PasswordRules = PasswordRules {
    min_length: 0,
    min_score: 0,
    check_common: false,
    check_own_names: false,
};

#[test]
fn good_passwords_have_no_problem() {
    for password in [
        "correct horse battery staple",
        "qT7#vPw2!zKm",
        "мой дядя самых честных правил",
        "☕🐎🔋📎 und mehr davon",
    ] {
        assert_eq!(problems(password, &["jane"]), Vec::<String>::new());
    }
}

#[test]
fn length_is_counted_in_characters() {
    let rules = PasswordRules {
        min_length: 10,
        ..NO_RULES
    };
    let short = ["The password must have at least 10 characters.".to_owned()];
    assert_eq!(judge(rules, "ääääääääää", &[]), Vec::<String>::new());
    assert_eq!(judge(rules, "äääääääää", &[]), short);
    assert_eq!(judge(rules, "", &[]), short);
}

#[test]
fn more_than_1024_bytes_are_too_many() {
    let long = ["The password must have at most 1024 bytes.".to_owned()];
    assert_eq!(judge(NO_RULES, &"a".repeat(1025), &[]), long);
    assert_eq!(judge(NO_RULES, &"ä".repeat(513), &[]), long);
    assert_eq!(
        judge(NO_RULES, &"a".repeat(1024), &[]),
        Vec::<String>::new()
    );
}

#[test]
fn a_common_password_is_named_as_such_and_nothing_else() {
    for password in ["1qaz2wsx3edc", "1QAZ2WSX3EDC"] {
        let common = ["The password is one that many people use. Choose another.".to_owned()];
        assert_eq!(problems(password, &[]), common);
    }
}

#[test]
fn a_password_with_a_name_of_its_owner_is_refused() {
    let own = ["The password must not contain your own name or address.".to_owned()];
    let password = "qT7#vPw2!zKm Middleton";
    assert_eq!(problems(password, &["Jane MIDDLETON"]), own);
    assert_eq!(problems(password, &["middleton@example.org"]), own);
    assert_eq!(problems(password, &["Jane"]), Vec::<String>::new());
}

#[test]
fn an_easily_guessed_password_is_told_why() {
    assert_eq!(
        problems("baseballmonkey", &[]),
        [
            "The password is easy to guess. This is similar to a commonly used password. Add another \
          word or two. Uncommon words are better."
        ]
    );
}

#[test]
fn each_rule_can_be_put_aside() {
    let full = STRICT;
    for (rules, password) in [
        (
            PasswordRules {
                min_length: 0,
                ..full
            },
            "qT7#v!zKm",
        ),
        (
            PasswordRules {
                min_score: 0,
                ..full
            },
            "baseballmonkey",
        ),
        (
            PasswordRules {
                check_common: false,
                min_score: 0,
                ..full
            },
            "1qaz2wsx3edc",
        ),
        (
            PasswordRules {
                check_own_names: false,
                ..full
            },
            "qT7#vPw2!zKm Middleton",
        ),
    ] {
        assert_ne!(judge(full, password, &["Middleton"]), Vec::<String>::new());
        assert_eq!(judge(rules, password, &["Middleton"]), Vec::<String>::new());
    }
}

#[test]
fn what_is_shown_to_zxcvbn_is_bounded() {
    use super::strength::beginning;
    let signs = "({[<1!|7+425$3690%8@";
    for text in [
        signs.repeat(10),
        "a".repeat(1024),
        "p4$$w0rd1!il|7t+8b(c{e3".repeat(9),
    ] {
        let shown = beginning(&text);
        assert!(text.starts_with(&shown), "{shown}");
        let length = shown.chars().count();
        assert!((11..=32).contains(&length), "{shown}");
    }
    assert_eq!(beginning("Tr0ub4dour&3"), "Tr0ub4dour&3");
}

#[test]
fn signs_that_are_cut_off_are_no_problem_of_a_good_password() {
    let signs = "({[<1!|7+425$3690%8@";
    assert_eq!(problems(signs, &[]), Vec::<String>::new());
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,100}",
        "[4@8(\\{\\[<3691!|70$5+%2a-z]{0,100}",
        "[ßİŉﬁǅΐÅΣς\u{301}\u{200d}\u{0}\na1]{0,60}",
        "(ab|aab|[0-9]|1999|qwerty|password){0,30}",
        any::<String>(),
    ]
}

proptest! {
    #[test]
    fn no_text_fails_or_is_repeated(text in hostile(), own in proptest::collection::vec(hostile(), 0..4)) {
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        for problem in problems(&text, &own) {
            prop_assert!(problem.ends_with('.'), "{problem}");
            prop_assert_ne!(&problem, "The password cannot be judged. Choose another.");
            prop_assert!(text.chars().count() <= 10 || !problem.contains(&text), "{problem}");
        }
    }
}
