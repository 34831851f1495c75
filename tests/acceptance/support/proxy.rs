//! A wire that can be cut: it stands between a server and its database.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
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
}

impl State {
    fn forward(&self, near: &TcpStream) {
        // Held while connecting, so that a cut cannot pass between the question and the list.
        let mut streams = self.streams.lock().unwrap();
        if self.cut.load(Ordering::SeqCst) {
            return;
        }
        let Ok(far) = TcpStream::connect(self.target) else {
            return;
        };
        pump(near.try_clone().unwrap(), far.try_clone().unwrap());
        pump(far.try_clone().unwrap(), near.try_clone().unwrap());
        streams.extend([near.try_clone().unwrap(), far]);
    }

    fn close_all(&self) {
        for stream in self.streams.lock().unwrap().drain(..) {
            let _already_closed = stream.shutdown(Shutdown::Both);
        }
    }
}

fn pump(mut from: TcpStream, mut to: TcpStream) {
    std::thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _already_closed = to.shutdown(Shutdown::Write);
    });
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.state.ended.store(true, Ordering::SeqCst);
        self.state.close_all();
        let _wakes_the_listener = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _nothing_to_say = thread.join();
        }
    }
}
