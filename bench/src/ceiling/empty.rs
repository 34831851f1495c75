//! What actix-web and the load generator do when there is nothing to do: an answer without a body. The bench starts
//! itself once more for it, so that the answering process is another one, as a server is.

use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use actix_web::{App, HttpResponse, HttpServer, rt, web};

use crate::failure::{Context as _, Failure, Outcome};
use crate::http::free_address;
use crate::load::{Load, Loader};
use crate::machine;
use crate::process::wait_until;

/// The argument that makes the bench answer instead of ask.
const ARGUMENT: &str = "answer-nothing";
/// How long it may take to listen.
const LIMIT: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(5);
/// As long as a server of ours keeps an idle connection.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// A body as long as the form of a client credentials grant.
const FORM: &str = "grant_type=client_credentials";

/// What is asked of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Question {
    /// A GET without a body.
    Get,
    /// A POST with a short form, which is read.
    Post,
}

/// The process that answers. Dropping it kills it.
pub(crate) struct Empty {
    child: Child,
    address: SocketAddr,
}

impl Empty {
    /// Starts it, and waits until it listens.
    pub(crate) fn start() -> Outcome<Self> {
        let address = free_address()?;
        let bench = std::env::current_exe().context("cannot find the bench itself")?;
        let child = Command::new(bench)
            .args([ARGUMENT, &address.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .context("cannot start the bench once more")?;
        let empty = Self { child, address };
        if wait_until(LIMIT, LOOK, || TcpStream::connect(address).is_ok()) {
            Ok(empty)
        } else {
            Err(Failure::new("the empty server does not listen"))
        }
    }

    /// Asks it for so long; answers how many answers there were a second.
    pub(crate) fn ask(
        &self,
        question: Question,
        (loader, connections): (&Loader, u32),
        duration: Duration,
    ) -> Outcome<f64> {
        let url = format!("http://{}/", self.address);
        let form = match question {
            Question::Get => "",
            Question::Post => FORM,
        };
        let load = Load::post(&url, "", form).by(connections);
        Ok(loader.run(&load, duration)?.good_per_second())
    }
}

impl Drop for Empty {
    fn drop(&mut self) {
        let _it_may_have_ended = self.child.kill();
        let _nothing_to_learn = self.child.wait();
    }
}

/// Where this process is to answer, when that is what it was started for.
pub(crate) fn wanted_address() -> Option<SocketAddr> {
    let mut arguments = std::env::args().skip(1);
    let is_wanted = arguments.next().as_deref() == Some(ARGUMENT);
    let address = arguments.next().filter(|_| is_wanted)?;
    address.parse().ok()
}

/// Answers until it is killed, on as many workers as a server of ours has.
pub(crate) fn answer(address: SocketAddr) -> Outcome<()> {
    let app = || {
        let nothing = async |_: web::Bytes| HttpResponse::Ok().finish();
        App::new()
            .route("/", web::get().to(async || HttpResponse::Ok().finish()))
            .route("/", web::post().to(nothing))
    };
    let serving = async {
        let server = HttpServer::new(app)
            .workers(machine::cores())
            .keep_alive(KEEP_ALIVE)
            .bind(address)?;
        server.run().await
    };
    rt::System::new()
        .block_on(serving)
        .context("the empty server ended")
}
