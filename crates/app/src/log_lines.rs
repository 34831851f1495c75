//! One event, one line, and nothing in it that a terminal or a reader of logs takes for more than text.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use tracing_subscriber::fmt::MakeWriter;

/// Lines on standard error.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Lines;

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Line<io::Stderr>;

    fn make_writer(&'a self) -> Self::Writer {
        Line(io::stderr())
    }
}

/// A writer that is handed whole events.
pub(crate) struct Line<W>(W);

impl<W: Write> Write for Line<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        self.0.write_all(&plain(event))?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The event with everything escaped that is no visible text. The escapes are JSON's, and fit into lines of
/// either form.
fn plain(event: &[u8]) -> Cow<'_, [u8]> {
    let body = event.strip_suffix(b"\n").unwrap_or(event);
    if body.iter().all(|byte| matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(event);
    }
    let mut line = String::with_capacity(event.len() + 16);
    for c in String::from_utf8_lossy(body).chars() {
        if misleads(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _a_string_takes_everything = write!(line, "\\u{unit:04x}");
            }
        } else {
            line.push(c);
        }
    }
    line.push('\n');
    Cow::Owned(line.into_bytes())
}

/// Controls, which terminals obey; separators of lines; what turns the direction of a text around; what is
/// not seen at all.
fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
                | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(event: &str) -> String {
        let mut written = Vec::new();
        Line(&mut written).write_all(event.as_bytes()).unwrap();
        String::from_utf8(written).unwrap()
    }

    #[test]
    fn text_is_left_as_it_is() {
        for event in [
            "INFO serving\n",
            "{\"name\":\"Zo\u{eb} \u{5d0} \u{4e2d}\"}\n",
            "\n",
        ] {
            assert_eq!(line(event), event);
        }
    }

    #[test]
    fn nothing_begins_another_line_or_speaks_to_a_terminal() {
        assert_eq!(line("a\r\nINFO forged\n"), "a\\u000d\\u000aINFO forged\n");
        assert_eq!(
            line("\u{1b}[2Ja\u{9b}31m\u{7}\n"),
            "\\u001b[2Ja\\u009b31m\\u0007\n"
        );
        assert_eq!(line("a\u{2028}b\n"), "a\\u2028b\n");
    }

    #[test]
    fn nothing_turns_a_line_around_or_hides_in_it() {
        assert_eq!(line("\u{202e}nimda\u{2066}\n"), "\\u202enimda\\u2066\n");
        assert_eq!(
            line("ad\u{200b}min\u{e0041}\n"),
            "ad\\u200bmin\\udb40\\udc41\n"
        );
    }

    #[test]
    fn a_line_of_json_stays_json() {
        let event = serde_json::json!({ "name": "a\u{202e}\u{7f}\u{9b}b" }).to_string();
        let read: serde_json::Value = serde_json::from_str(&line(&event)).unwrap();
        assert_eq!(read["name"], "a\u{202e}\u{7f}\u{9b}b");
    }
}
