//! A request as a command for a shell.

use super::message::{ADMIN, Sent, Signed};

/// The command.
pub(super) fn curl(sent: &Sent, issuer: &str) -> String {
    let mut parts = Vec::new();
    let url = quoted(&format!("{issuer}{}", sent.target));
    // GET without a body, and POST with one, need not be named.
    let is_named = match sent.method.as_str() {
        "GET" => !sent.body.is_empty(),
        "POST" => sent.body.is_empty(),
        _ => true,
    };
    if is_named {
        parts.push(format!("curl -X {} {url}", sent.method));
    } else {
        parts.push(format!("curl {url}"));
    }
    if sent.signed == Signed::ByTheConsole {
        // In double quotes the shell puts the token in.
        parts.push(format!("-H \"Authorization: Bearer {ADMIN}\""));
    }
    let headers = sent.headers.iter();
    parts
        .extend(headers.map(|(name, value)| format!("-H {}", quoted(&format!("{name}: {value}")))));
    let is_long = sent.method == "PUT" || sent.body.contains('\n');
    if is_long {
        parts.push("--data-binary @- <<'END'".to_owned());
    } else if !sent.body.is_empty() {
        parts.push(format!("-d {}", quoted(&sent.body)));
    }
    let command = parts.join(" \\\n  ");
    if is_long {
        format!("{command}\n{}\nEND", sent.body)
    } else {
        command
    }
}

/// One word for a POSIX shell, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(method: &str, body: &str) -> Sent {
        Sent {
            method: method.to_owned(),
            target: "/a'b".to_owned(),
            signed: Signed::ByItself,
            headers: vec![("Accept".to_owned(), "text/yaml".to_owned())],
            body: body.to_owned(),
        }
    }

    #[test]
    fn nothing_leaves_its_quotes() {
        assert_eq!(
            curl(&sent("POST", "password=it's"), "https://auth.example"),
            "curl 'https://auth.example/a'\\''b' \\\n  -H 'Accept: text/yaml' \\\n  -d 'password=it'\\''s'"
        );
    }

    #[test]
    fn a_long_body_is_read_from_a_document_of_its_own() {
        let put = Sent {
            signed: Signed::ByTheConsole,
            ..sent("PUT", "a: $b")
        };
        assert_eq!(
            curl(&put, "https://auth.example"),
            "curl -X PUT 'https://auth.example/a'\\''b' \\\n  -H \"Authorization: Bearer $ADMIN_TOKEN\" \\\n  \
             -H 'Accept: text/yaml' \\\n  --data-binary @- <<'END'\na: $b\nEND"
        );
    }

    #[test]
    fn a_method_is_named_where_curl_would_take_another() {
        for (method, body, beginning) in [
            ("GET", "", "curl '"),
            ("POST", "a=b", "curl '"),
            ("POST", "", "curl -X POST '"),
            ("DELETE", "", "curl -X DELETE '"),
        ] {
            let command = curl(&sent(method, body), "https://auth.example");
            assert!(command.starts_with(beginning), "{command}");
        }
    }
}
