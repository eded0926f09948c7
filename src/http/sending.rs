//! How answers are sent: a large one in parts, which hold their bytes of the budget until they are sent; and no answer slower than a
//! minimum speed, because a client that does not read holds memory.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes};
use hyper::body::{Frame, SizeHint};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

use crate::graphql::budget::{Reservation, SMALL_ANSWER};

/// The bytes of one part of a large answer.
const PART: usize = 64 * 1024;

/// The slowest reading of an answer.
#[derive(Debug, Clone, Copy)]
pub struct Drain {
    /// Bytes per second, on average over the answer.
    pub rate: u64,
    /// Time on top of that.
    pub grace: Duration,
}

impl Drain {
    pub const DEFAULT: Self = Self { rate: 32 * 1024, grace: Duration::from_secs(5) };

    /// How long it may take to send this many bytes.
    fn time(self, bytes: u64) -> Duration {
        self.grace + Duration::from_millis(bytes.saturating_mul(1000) / self.rate.max(1))
    }
}

/// The body of an answer, with its bytes of the budget.
pub(super) fn body(bytes: Vec<u8>, reservation: Reservation) -> Body {
    if bytes.len() <= SMALL_ANSWER {
        return Body::from(bytes);
    }
    Body::new(LargeBody { rest: bytes.into(), _reservation: reservation })
}

struct LargeBody {
    rest: Bytes,
    _reservation: Reservation,
}

impl hyper::body::Body for LargeBody {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let part = self.rest.len().min(PART);
        let part = self.rest.split_to(part);
        Poll::Ready(Some(Ok(Frame::data(part))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}

/// Counts the answers of a connection, so that each has its own time.
#[derive(Clone, Default)]
pub(super) struct Answers(Arc<AtomicU64>);

impl Answers {
    /// An answer begins.
    pub(super) fn begin(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A connection that fails where an answer is read too slowly.
pub(super) struct Draining<S> {
    stream: S,
    drain: Drain,
    answers: Answers,
    /// The number of the answer that is being sent.
    answer: u64,
    began: Instant,
    sent: u64,
    /// Wakes the connection when the time for the answer is over, while the client does not read.
    over: Option<Pin<Box<Sleep>>>,
}

impl<S> Draining<S> {
    pub(super) fn new(stream: S, drain: Drain, answers: Answers) -> Self {
        Self { stream, drain, answers, answer: 0, began: Instant::now(), sent: 0, over: None }
    }

    /// Takes note of a write. `written` is its result.
    fn note(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        let answer = self.answers.0.load(Ordering::Relaxed);
        if answer != self.answer {
            (self.answer, self.began, self.sent) = (answer, Instant::now(), 0);
            self.over = None;
        }
        match written {
            Poll::Ready(Ok(bytes)) => {
                self.sent += bytes as u64;
                self.over = None;
                written
            }
            Poll::Ready(Err(_)) => written,
            Poll::Pending => {
                let end = self.began + self.drain.time(self.sent);
                let over = self.over.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(end)));
                ready!(over.as_mut().poll(cx));
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client reads its answer too slowly")))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Draining<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Draining<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.note(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.note(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
