//! Somebody with a browser.

use std::cell::RefCell;

use crate::support::{Answer, Call, World};

/// It keeps cookies and follows nothing.
pub(super) struct Browser<'a> {
    world: &'a World,
    address: &'static str,
    cookies: RefCell<Vec<(String, String)>>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(world: &'a World) -> Self {
        Self::from(world, "203.0.113.7")
    }

    /// One at an address, as far as the server believes its proxy.
    pub(super) fn from(world: &'a World, address: &'static str) -> Self {
        Self {
            world,
            address,
            cookies: RefCell::default(),
        }
    }

    /// Signed in.
    #[track_caller]
    pub(super) fn of(world: &'a World, username: &str, password: &str) -> Self {
        let browser = Self::new(world);
        browser.sign_in(username, password).expect(303);
        browser
    }

    /// Opens the login page and sends its form.
    #[track_caller]
    pub(super) fn sign_in(&self, username: &str, password: &str) -> Answer {
        let page = self.get("/auth/login").expect(200);
        self.post(
            &page,
            "/auth/login",
            &[("username", username), ("password", password)],
        )
    }

    #[track_caller]
    pub(super) fn get(&self, path: &str) -> Answer {
        self.send(Call::get(path))
    }

    /// Sends a form of a page.
    #[track_caller]
    pub(super) fn post(&self, page: &Answer, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = csrf(page);
        let mut all = vec![("csrf", csrf.as_str())];
        all.extend(fields);
        self.send(
            Call::post(path)
                .header("Sec-Fetch-Site", "same-origin")
                .form(&all),
        )
    }

    /// A request with what it holds.
    pub(super) fn with_cookies(&self, call: Call) -> Call {
        let held = self.cookies.borrow();
        let held: Vec<String> = held
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let call = call.header("X-Forwarded-For", self.address);
        if held.is_empty() {
            call
        } else {
            call.header("Cookie", &held.join("; "))
        }
    }

    #[track_caller]
    pub(super) fn send(&self, call: Call) -> Answer {
        let answer = self.world.send(self.with_cookies(call));
        let mut cookies = self.cookies.borrow_mut();
        for cookie in answer.all("set-cookie") {
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        answer
    }

    /// Whether it is signed in.
    #[track_caller]
    pub(super) fn is_signed_in(&self) -> bool {
        let answer = self.get("/console/account");
        assert!([200, 303].contains(&answer.status), "{}", answer.text());
        answer.status == 200
    }
}

#[track_caller]
fn csrf(page: &Answer) -> String {
    let text = page.text();
    let (_, rest) = text.split_once(r#"name="csrf" value=""#).unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}
