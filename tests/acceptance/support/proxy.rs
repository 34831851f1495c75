//! A wire that can be cut, or carry nothing for a while: it stands between a server and its database.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

/// Forwards every connection to one address, until it is cut.
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
    held: Mutex<bool>,
    released: Condvar,
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
            held: Mutex::new(false),
            released: Condvar::new(),
        });
        let shared = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if shared.ended.load(Ordering::SeqCst) {
                    return;
                }
                forward(&shared, &stream);
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

    /// Carries nothing, and breaks nothing, until it is released.
    pub(crate) fn hold(&self) {
        *self.state.held.lock().unwrap() = true;
    }

    /// Carries again, beginning with what was held.
    pub(crate) fn release(&self) {
        *self.state.held.lock().unwrap() = false;
        self.state.released.notify_all();
    }

    /// Accepts connections again.
    pub(crate) fn mend(&self) {
        self.state.cut.store(false, Ordering::SeqCst);
    }
}

fn forward(state: &Arc<State>, near: &TcpStream) {
    // Locked while connecting, so that a cut cannot pass between the question and the list.
    let mut streams = state.streams.lock().unwrap();
    if state.cut.load(Ordering::SeqCst) {
        return;
    }
    let Ok(far) = TcpStream::connect(state.target) else {
        return;
    };
    pump(state, near.try_clone().unwrap(), far.try_clone().unwrap());
    pump(state, far.try_clone().unwrap(), near.try_clone().unwrap());
    streams.extend([near.try_clone().unwrap(), far]);
}

impl State {
    fn wait_while_held(&self) {
        let held = self.held.lock().unwrap();
        drop(self.released.wait_while(held, |held| *held).unwrap());
    }

    fn close_all(&self) {
        for stream in self.streams.lock().unwrap().drain(..) {
            let _already_closed = stream.shutdown(Shutdown::Both);
        }
    }
}

fn pump(state: &Arc<State>, mut from: TcpStream, mut to: TcpStream) {
    let state = Arc::clone(state);
    std::thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            state.wait_while_held();
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _already_closed = to.shutdown(Shutdown::Write);
    });
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.release();
        self.state.ended.store(true, Ordering::SeqCst);
        self.state.close_all();
        let _wakes_the_listener = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _nothing_to_say = thread.join();
        }
    }
}
