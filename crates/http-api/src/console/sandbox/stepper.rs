//! What every page of the sandbox has: tabs, steps, what is missing, and the ways on.

use super::grant::{Grant, Step};
use super::notes::Walk;
use super::requests::Request;

/// The frame of a step.
pub(super) struct Stepper {
    /// The title of the page.
    pub(super) title: String,
    /// The step's own heading.
    pub(super) heading: String,
    pub(super) tabs: Vec<Link>,
    pub(super) steps: Vec<StepLink>,
    pub(super) needs: Vec<Need>,
    pub(super) back: Option<Link>,
    pub(super) next: Option<Link>,
    /// Where forms of the step are sent to.
    pub(super) action: String,
    /// Where cleaning up is, and what it removes.
    pub(super) clean_up: Option<(String, String)>,
}

/// A link to a page, below the console's root.
pub(super) struct Link {
    pub(super) path: String,
    pub(super) title: &'static str,
    /// Whether it is the page that is shown, or the one to go on to.
    pub(super) is_marked: bool,
}

/// A link to a step.
pub(super) struct StepLink {
    pub(super) path: String,
    pub(super) title: &'static str,
    pub(super) is_current: bool,
    pub(super) is_done: bool,
}

/// What a step lacks, and where it is had.
pub(super) struct Need {
    pub(super) says: &'static str,
    pub(super) path: String,
    pub(super) link: String,
}

impl Stepper {
    pub(super) fn of(walk: &Walk, grant: Grant, step: Step) -> Self {
        let number = grant.number(step);
        let neighbour = |number: usize, is_marked| {
            let step = grant.step(&number.to_string())?;
            Some(Link {
                path: grant.page(step),
                title: step.title(),
                is_marked,
            })
        };
        Self {
            title: format!("{}, {}", step.title(), grant.title()),
            heading: format!("{number}. {}", step.heading()),
            tabs: Grant::ALL
                .into_iter()
                .map(|tab| tab_link(tab, grant))
                .collect(),
            steps: grant
                .steps()
                .iter()
                .map(|link| StepLink {
                    path: grant.page(*link),
                    title: link.title(),
                    is_current: *link == step,
                    is_done: is_done(walk, grant, *link),
                })
                .collect(),
            needs: needs(walk, grant, step),
            back: neighbour(number - 1, false),
            next: neighbour(
                number + 1,
                is_done(walk, grant, step) || step == Step::Answer,
            ),
            action: grant.page(step),
            clean_up: walk
                .is_begun()
                .then(|| (format!("{}/clean-up", grant.beginning()), removes(walk))),
        }
    }
}

fn tab_link(tab: Grant, current: Grant) -> Link {
    Link {
        path: tab.beginning(),
        title: tab.title(),
        is_marked: tab == current,
    }
}

/// What cleaning up does.
fn removes(walk: &Walk) -> String {
    let made: Vec<&str> = walk
        .made
        .iter()
        .map(|path| path.trim_start_matches('/'))
        .collect();
    let made = match made.as_slice() {
        [] => "The sandbox has made no client and no user. This".to_owned(),
        made => format!("Removes {}, which this sandbox made,", made.join(" and ")),
    };
    format!("{made} closes the sessions it opened, and begins again at step 1.")
}

/// The first step that is yet to be done; the first of all when none is.
pub(super) fn current(walk: &Walk, grant: Grant) -> Step {
    let mut open = grant.steps().iter().copied();
    let next = open.find(|step| !is_done(walk, grant, *step));
    next.unwrap_or(Step::Client)
}

fn is_done(walk: &Walk, grant: Grant, step: Step) -> bool {
    match step {
        // Going on says that the answer was read.
        Step::Answer => {
            let later = [Step::Use, Step::Refresh, Step::Close];
            let mut requests = later.iter().flat_map(|later| Request::of(grant, *later));
            requests.any(|request| walk.exchange(*request).is_some())
        }
        Step::Proof => walk
            .exchange(Request::DeadUserinfo)
            .is_some_and(|it| it.received.status == 401),
        step => Request::of(grant, step)
            .first()
            .is_some_and(|request| walk.is_done(*request)),
    }
}

fn needs(walk: &Walk, grant: Grant, step: Step) -> Vec<Need> {
    let need = |says, to: Step| Need {
        says,
        path: grant.page(to),
        link: format!("Step {}: {}", grant.number(to), to.title()),
    };
    let mut needs = Vec::new();
    let tokens = walk.tokens.as_ref();
    match step {
        Step::Client | Step::User => {}
        Step::Token => {
            let [client, user] = [
                "The client was not sent yet. Unless this server knows it, send it first.",
                "The user was not sent yet. Unless this server knows it, send it first.",
            ];
            if !walk.is_done(Request::Client) {
                needs.push(need(client, Step::Client));
            }
            if grant == Grant::Password && !walk.is_done(Request::User) {
                needs.push(need(user, Step::User));
            }
        }
        _ if tokens.is_none() => {
            needs.push(need("There is no token yet. Get one first.", Step::Token));
        }
        Step::Use | Step::Refresh | Step::Close if walk.is_closed() => {
            let says = "The session is closed: what you send from here is refused. Get a new token to go on.";
            needs.push(need(says, Step::Token));
        }
        Step::Refresh if tokens.is_some_and(|tokens| tokens.refresh.is_none()) => {
            let says = "The client gets no refresh token. Tick Refresh Token, send the client again, and get a new token.";
            needs.push(need(says, Step::Client));
        }
        Step::Proof if !walk.is_closed() && grant == Grant::Password => {
            let says = "The session is open, so the token lives. Close it first.";
            needs.push(need(says, Step::Close));
        }
        _ => {}
    }
    needs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_begins_at_its_first_step_and_says_what_later_ones_need() {
        for grant in Grant::ALL {
            let walk = Walk::of(grant);
            assert_eq!(current(&walk, grant), Step::Client);
            for step in grant.steps() {
                let needs = needs(&walk, grant, *step);
                let begins = matches!(step, Step::Client | Step::User);
                assert_eq!(needs.is_empty(), begins, "{step:?}");
                for need in needs {
                    let (_, number) = need.path.rsplit_once('/').unwrap();
                    let to = grant.step(number).unwrap();
                    assert!(grant.number(to) < grant.number(*step), "{step:?}");
                }
            }
        }
    }
}
