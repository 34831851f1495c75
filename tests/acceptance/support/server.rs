//! Servers that run, and the world a test sees.

use std::fs;
use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::rt::System;
use grantor_app::config::Config;
use grantor_app::serving::{Serving, Stop};
use grantor_app::wiring::Machine;
use grantor_domain::time::Lifetime;
use grantor_testkit::ManualClock;

use super::canary::Secrets;
use super::http::{Answer, Call, Http};
use super::settings::Setup;

/// How long a start or a stop may take on a busy machine.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A server and the people around it.
pub(crate) struct World {
    // Dropped first, while the server still answers.
    _last_scrape: LastScrape,
    pub(crate) http: Http,
    pub(crate) ops: Http,
    clock: Option<Arc<ManualClock>>,
    // Dropped in this order: the server ends before its database and its folder.
    server: Server,
    pub(crate) setup: Setup,
}

impl World {
    pub(crate) fn new(setup: Setup, server: Server, clock: Option<Arc<ManualClock>>) -> Self {
        let (address, ops_address) = server.addresses();
        let http = Http::to(&format!("http://{address}")).remembering(&setup.secrets);
        let ops = Http::to(&format!("http://{ops_address}"));
        Self {
            _last_scrape: LastScrape(ops.clone(), setup.secrets.clone()),
            http,
            ops,
            clock,
            server,
            setup,
        }
    }

    /// Sends a request without adding anything.
    #[track_caller]
    pub(crate) fn send(&self, call: Call) -> Answer {
        self.http.send(call)
    }

    /// Lets time pass on a server in this process.
    pub(crate) fn wait(&self, seconds: u32) {
        self.clock().advance(Lifetime::from_seconds(seconds));
    }

    /// The clock of a server in this process.
    pub(crate) fn clock(&self) -> &ManualClock {
        self.clock.as_deref().unwrap()
    }

    /// The process of a server that has its own.
    pub(crate) fn process(&mut self) -> &mut Process {
        match &mut self.server {
            Server::Process(process) => process,
            Server::Thread(_) => panic!("this server is a thread"),
        }
    }

    /// Asks the process to end, as an operator would, and waits until it has.
    pub(crate) fn terminate(mut self) -> (ExitStatus, Setup) {
        let process = self.process();
        process.signal("TERM");
        let status = process.wait();
        (status, self.setup)
    }

    /// Ends the process without a warning, as a failing machine would.
    pub(crate) fn crash(mut self) -> Setup {
        let process = self.process();
        process.signal("KILL");
        process.wait();
        self.setup
    }

    /// Another process with the same settings and the same database.
    pub(crate) fn replica(&self) -> Replica {
        Replica::of(Process::start(&self.setup), &self.setup)
    }

    /// A process of the program that is tested, beside one of the program before.
    pub(crate) fn replica_of_this(&self) -> Replica {
        let command = self.setup.command_of_this(&["serve"]);
        let log = self.setup.log_file();
        Replica::of(Process::start_by(command, &log), &self.setup)
    }

    /// Ends the process and starts it again with the settings it had, perhaps changed.
    pub(crate) fn restart(self, change: impl FnOnce(Setup) -> Setup) -> Self {
        let (status, setup) = self.terminate();
        assert!(status.success(), "{status}");
        change(setup).start()
    }
}

/// At the end of a world, its metrics hold no secret.
struct LastScrape(Http, Secrets);

impl Drop for LastScrape {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        // A server that has ended already has no metrics.
        if let Ok(metrics) = self.0.try_send(Call::get("/metrics")) {
            self.1.are_not_in(&metrics.body, "a metric");
        }
    }
}

/// A further process of a world.
pub(crate) struct Replica {
    pub(crate) http: Http,
    _process: Process,
}

impl Replica {
    pub(super) fn of(process: Process, setup: &Setup) -> Self {
        let http = Http::to(&format!("http://{}", process.addresses.0));
        let http = http.remembering(&setup.secrets);
        Self {
            http,
            _process: process,
        }
    }
}

/// A server somewhere.
pub(crate) enum Server {
    Process(Process),
    Thread(Thread),
}

impl Server {
    fn addresses(&self) -> (SocketAddr, SocketAddr) {
        match self {
            Self::Process(process) => process.addresses,
            Self::Thread(thread) => thread.addresses,
        }
    }
}

impl From<Process> for Server {
    fn from(process: Process) -> Self {
        Self::Process(process)
    }
}

impl From<Thread> for Server {
    fn from(thread: Thread) -> Self {
        Self::Thread(thread)
    }
}

/// The program, running. It is killed when dropped, and its log is shown when the test failed.
pub(crate) struct Process {
    child: Child,
    watches: Vec<JoinHandle<()>>,
    lines: Mutex<Receiver<String>>,
    seen: Vec<String>,
    log: PathBuf,
    pub(crate) addresses: (SocketAddr, SocketAddr),
}

impl Process {
    pub(crate) fn start(setup: &Setup) -> Self {
        Self::start_by(setup.command(&["serve"]), &setup.log_file())
    }

    /// Starts the program by a command and waits until it serves.
    pub(crate) fn start_by(command: Command, log: &Path) -> Self {
        let mut process = Self::spawn(command, log);
        process.addresses = (
            process.address("serving"),
            process.address("serving health and metrics"),
        );
        process
    }

    /// What it has had of the processors so far, in clock ticks (`proc(5)`: `utime` and `stime`).
    pub(crate) fn ticks(&self) -> u64 {
        let path = format!("/proc/{}/stat", self.id());
        let stat = std::fs::read_to_string(path).unwrap();
        let after_name = stat.rsplit_once(") ").unwrap().1;
        let fields = after_name.split(' ').skip(11).take(2);
        fields.map(|ticks| ticks.parse::<u64>().unwrap()).sum()
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Starts a command whose output is watched line by line.
    pub(crate) fn spawn(mut command: Command, log: &Path) -> Self {
        let streams = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = streams.spawn().unwrap();
        let (sender, lines) = mpsc::channel();
        let watches = vec![
            watch(child.stdout.take().unwrap(), log, sender.clone()),
            watch(child.stderr.take().unwrap(), log, sender),
        ];
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let log = log.to_owned();
        Self {
            child,
            watches,
            lines: Mutex::new(lines),
            seen: Vec::new(),
            log,
            addresses: (nowhere, nowhere),
        }
    }

    /// The first line with these words, as soon as it is written.
    #[track_caller]
    pub(crate) fn line_with(&mut self, words: &str) -> String {
        let known = self.seen.iter().find(|line| line.contains(words));
        if let Some(line) = known {
            return line.clone();
        }
        loop {
            let Ok(line) = self.lines.get_mut().unwrap().recv_timeout(PATIENCE) else {
                panic!(
                    "the program never said {words:?}:\n{}",
                    self.seen.join("\n")
                );
            };
            self.seen.push(line.clone());
            if line.contains(words) {
                return line;
            }
        }
    }

    #[track_caller]
    fn address(&mut self, message: &str) -> SocketAddr {
        let line = self.line_with(&format!("\"message\":\"{message}\""));
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        line["address"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill")
            .args(["-s", name, &id])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Waits until it has ended by itself: its output closes then.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        loop {
            match self.lines.get_mut().unwrap().recv_timeout(PATIENCE) {
                Ok(line) => self.seen.push(line),
                Err(mpsc::RecvTimeoutError::Disconnected) => return self.child.wait().unwrap(),
                Err(mpsc::RecvTimeoutError::Timeout) => panic!("the program does not end"),
            }
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _already_ended = self.child.kill();
        let _reaped = self.child.wait();
        // The log is complete when those who write it have ended.
        for watch in self.watches.drain(..) {
            let _nothing_to_say = watch.join();
        }
        if std::thread::panicking() {
            let log = fs::read(&self.log).unwrap_or_default();
            eprintln!("--- the program wrote\n{}", String::from_utf8_lossy(&log));
        }
    }
}

fn watch(stream: impl Read + Send + 'static, log: &Path, lines: Sender<String>) -> JoinHandle<()> {
    let mut file = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(log)
        .unwrap();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            let _the_folder_is_gone = writeln!(file, "{line}");
            let _nobody_listens_any_more = lines.send(line);
        }
    })
}

/// A server in this process. It ends when dropped.
pub(crate) struct Thread {
    addresses: (SocketAddr, SocketAddr),
    stop: Option<Stop>,
    handle: Option<JoinHandle<()>>,
}

impl Thread {
    pub(super) fn start(config: Config, machine: Machine) -> Self {
        let (sender, started) = mpsc::channel();
        let handle = std::thread::spawn(move || {
            System::new().block_on(async move {
                let serving = match Serving::start(&config, &machine) {
                    Ok(serving) => serving,
                    Err(failure) => panic!("the server does not start: {failure}"),
                };
                let addresses = (serving.addresses[0], serving.ops_address.unwrap());
                sender.send((addresses, serving.stopper())).unwrap();
                serving.run().await.unwrap();
            });
        });
        let (addresses, stop) = started.recv_timeout(PATIENCE).unwrap();
        Self {
            addresses,
            stop: Some(stop),
            handle: Some(handle),
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            System::new().block_on(async move { stop.stop().await });
        }
        if let Some(handle) = self.handle.take() {
            let _it_said_why = handle.join();
        }
    }
}
