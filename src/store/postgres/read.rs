//! A few connections to Postgres, which all requests share. Cheap reads are pipelined. An expensive read has its connection for
//! itself, so that it can be cancelled. The next read opens a lost connection again.

use super::{
    pipeline::Shared,
    running::RunningRead,
    session::{TOO_LARGE, failure, was_ended},
    tls,
};
use crate::store::read::{Question, ReadError, ReadSettings, turn::Lane};
use std::{
    sync::{Arc, atomic::Ordering},
    time::{Duration, Instant},
};

/// How often an expensive read is started again that was ended, although nobody gave it up.
const REPEATS: usize = 2;

/// The connections for reads.
pub(in crate::store) struct Pipelines(Arc<Shared>);

impl Pipelines {
    pub(in crate::store) async fn open(url: &str, settings: &ReadSettings) -> Result<Self, ReadError> {
        let (mut config, tls) = tls::read(url)?;
        config
            .application_name("dateline")
            .connect_timeout(settings.connect_timeout)
            .keepalives_idle(Duration::from_secs(30))
            .tcp_user_timeout(Duration::from_secs(10));
        Ok(Self(Shared::open(config, tls, settings).await?))
    }

    pub(in crate::store) async fn ask(&self, question: Question) -> Result<Option<String>, ReadError> {
        tracing::trace!(target: "dateline::statement", sql = question.sql);
        let (client, question) = (question.call.client.clone(), Arc::new(question));
        let mut lane = question.call.cost.lane();
        let mut repeats = REPEATS;
        loop {
            let turn = self.0.turn(lane, &client, question.call.cost.total()).await?;
            let began = Instant::now();
            let answered = RunningRead::start(turn, Arc::clone(&question)).await?;
            let ended_early = match answered {
                Err(error) if was_ended(&error) => error,
                Ok(Some(text)) if text == TOO_LARGE => return Err(ReadError::AnswerTooLarge),
                other => return other.map_err(|error| failure(&error)),
            };
            if self.0.stopped.load(Ordering::Relaxed) {
                return Err(ReadError::Unavailable(ended_early.to_string()));
            }
            match lane {
                // It was planned as cheap, but is not: it starts again where it holds up no cheap reads.
                Lane::Cheap => lane = Lane::Expensive,
                // A late cancellation of the read before it on this connection, or an administrator.
                Lane::Expensive if began.elapsed() < self.0.statement_timeout && repeats > 0 => repeats -= 1,
                Lane::Expensive => return Err(ReadError::TimedOut),
            }
        }
    }

    /// Ends the running reads. No further one starts.
    pub(in crate::store) async fn stop(&self) {
        self.0.stopped.store(true, Ordering::Relaxed);
        self.0.cancel_all().await;
    }
}
