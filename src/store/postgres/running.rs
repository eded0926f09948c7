//! A read that runs on its connection. If nobody waits for it any more, it is cancelled.

use super::pipeline::{Answered, Shared, Turn};
use crate::store::read::{Question, turn::Lane};
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::{runtime::Handle, time::timeout};

/// How long a cancelled statement has to end before it is cancelled again.
const CANCELLATION_CHECK: Duration = Duration::from_millis(50);

/// A read on its connection. If nobody waits for it any more, it keeps its place until the server has ended it.
pub(super) struct RunningRead {
    statement: Option<Pin<Box<dyn Future<Output = Answered> + Send>>>,
    shared: Arc<Shared>,
    lane: Lane,
    at: usize,
}

impl RunningRead {
    pub(super) fn start(turn: Turn, question: Arc<Question>) -> Self {
        let (shared, lane, at) = (Arc::clone(&turn.shared), turn.lane, turn.at);
        Self { statement: Some(Box::pin(async move { turn.run(&question).await })), shared, lane, at }
    }
}

impl Future for RunningRead {
    type Output = Answered;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answered> {
        let Some(statement) = &mut self.statement else { return Poll::Pending };
        let polled = statement.as_mut().poll(cx);
        if polled.is_ready() {
            self.statement = None;
        }
        polled
    }
}

impl Drop for RunningRead {
    fn drop(&mut self) {
        let (Some(mut statement), Ok(runtime)) = (self.statement.take(), Handle::try_current()) else {
            return;
        };
        let (shared, lane, at) = (Arc::clone(&self.shared), self.lane, self.at);
        runtime.spawn(async move {
            // Others share the connection of a cheap read, which soon ends by itself.
            if lane == Lane::Cheap {
                let _ = statement.await;
                return;
            }
            // Repeated, because the statement may have been on its way to the server.
            loop {
                shared.cancel(lane, at).await;
                if timeout(CANCELLATION_CHECK, &mut statement).await.is_ok() {
                    return;
                }
            }
        });
    }
}
