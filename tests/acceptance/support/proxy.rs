//! A wire that can be cut, held and slowed: it stands between two that speak.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// Forwards every connection to one address, until it is told otherwise.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

struct State {
    target: SocketAddr,
    cut: AtomicBool,
    ended: AtomicBool,
    streams: Mutex<Vec<TcpStream>>,
    weather: Mutex<Weather>,
    changed: Condvar,
}

/// What becomes of bytes on their way.
#[derive(Clone, Copy, Default)]
pub(crate) struct Weather {
    /// They wait.
    pub(crate) held: bool,
    /// They come so much later.
    pub(crate) late: Duration,
    /// Those that come back are lost, and the connection with them.
    pub(crate) swallowed: bool,
}

impl Proxy {
    pub(crate) fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            target,
            cut: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            streams: Mutex::new(Vec::new()),
            weather: Mutex::default(),
            changed: Condvar::new(),
        });
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.ended.load(Ordering::SeqCst) {
                    return;
                }
                shared.forward(&stream);
            }
        });
        Self {
            address,
            state,
            thread: Some(thread),
        }
    }

    /// Breaks every connection and accepts none.
    pub(crate) fn cut(&self) {
        self.state.cut.store(true, Ordering::SeqCst);
        self.state.close_all();
    }

    /// Accepts connections again.
    pub(crate) fn mend(&self) {
        self.state.cut.store(false, Ordering::SeqCst);
    }

    /// Changes what becomes of bytes, also of those on their way.
    pub(crate) fn turn(&self, change: impl FnOnce(&mut Weather)) {
        change(&mut self.state.weather.lock().unwrap());
        self.state.changed.notify_all();
    }
}

impl State {
    fn forward(self: &Arc<Self>, near: &TcpStream) {
        // Held while connecting, so that a cut cannot pass between the question and the list.
        let mut streams = self.streams.lock().unwrap();
        if self.cut.load(Ordering::SeqCst) {
            return;
        }
        let Ok(far) = TcpStream::connect(self.target) else {
            return;
        };
        // What one sends must not wait for what the other acknowledges.
        let _only_slower = (near.set_nodelay(true), far.set_nodelay(true));
        let ways = [(near, &far, Way::There), (&far, near, Way::Back)];
        for (from, to, way) in ways {
            let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
            let state = Arc::clone(self);
            std::thread::spawn(move || state.pump(from, to, way));
        }
        streams.extend([near.try_clone().unwrap(), far]);
    }

    fn close_all(&self) {
        for stream in self.streams.lock().unwrap().drain(..) {
            let _already_closed = stream.shutdown(Shutdown::Both);
        }
    }

    /// Waits while bytes are held; answers what becomes of them.
    fn weather(&self) -> Weather {
        let weather = self.weather.lock().unwrap();
        let held = |weather: &mut Weather| weather.held && !self.ended.load(Ordering::SeqCst);
        *self.changed.wait_while(weather, held).unwrap()
    }

    fn pump(&self, mut from: TcpStream, mut to: TcpStream, way: Way) {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            let weather = self.weather();
            if weather.swallowed && way == Way::Back {
                let _already_closed = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
                return;
            }
            be_late(weather.late);
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _already_closed = to.shutdown(Shutdown::Write);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    There,
    Back,
}

#[expect(
    clippy::disallowed_methods,
    reason = "being late is what is injected, and no event announces it"
)]
fn be_late(by: Duration) {
    if !by.is_zero() {
        std::thread::sleep(by);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        self.turn(|weather| weather.held = false);
        self.state.close_all();
        let _wakes_the_listener = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _nothing_to_say = thread.join();
        }
    }
}
