//! A transaction that is not over: its connection, and what was asked of it and not sent yet.

use std::{mem, sync::Arc};

use sea_orm::{
    DbBackend, Statement, Values,
    sqlx::{self, AssertSqlSafe, Executor as _, postgres::PgArguments},
};
use sea_query_sqlx::SqlxValues;

use super::filling::LookedAt;
use crate::store::{
    beside::Beside,
    seat::{Seat, Seen, Turn, TurnIsLost, on_either},
    sqlite_value::readable,
};

/// Has SQLite look whether the history ends where it is expected to end.
const EXPECT: &str = "INSERT INTO take_turn (seen) VALUES (?)";

/// What a transaction has until it is over.
pub(super) struct Open {
    pub(super) seat: Seat,
    /// What one that writes has besides.
    pub(super) writing: Option<Writing>,
    /// How SQLite is to begin, where it was not sent yet.
    pub(super) beginning: Vec<Statement>,
    /// What it is to carry out next, where it was not sent yet.
    pub(super) ahead: Vec<Statement>,
    /// Whether something was sent on which all that follows depends, and its answer did not come, or was no good one: then
    /// nothing follows it.
    pub(super) is_owed: bool,
    /// Whether there is anything that the database would have to take back.
    pub(super) is_begun: bool,
    /// What a tentative one has looked at, or takes for granted.
    pub(super) seen: Seen,
    /// Where the history can be expected to end, though nobody has looked.
    pub(super) expected: Option<i64>,
    /// Where the history ends with what was written.
    pub(super) end: Option<i64>,
    /// What a tentative one writes at last, which may turn out to be all.
    pub(super) last: Option<(String, PgArguments)>,
    /// Only if it fills an empty file: which references were looked at, see [`super::filling`].
    pub(super) filling: Option<LookedAt>,
}

pub(in crate::store) struct Writing {
    pub(in crate::store) turn: Turn,
    /// What a SQLite file has besides.
    pub(in crate::store) beside: Option<Arc<Beside>>,
}

impl Open {
    pub(super) const fn new(seat: Seat, writing: Option<Writing>) -> Self {
        Self {
            seat,
            writing,
            beginning: Vec::new(),
            ahead: Vec::new(),
            is_owed: false,
            is_begun: true,
            seen: Seen(None),
            expected: None,
            end: None,
            last: None,
            filling: None,
        }
    }

    /// Leaves the connection to the next writer, or gives it back, when the transaction is over. One that has filled a file looks
    /// at no references, and nobody gets it again.
    pub(super) async fn leave(self, end: Option<i64>) {
        match self.writing {
            _ if self.filling.is_some() => self.seat.close().await,
            Some(Writing { turn, .. }) => turn.leave(self.seat, end),
            None => {}
        }
    }

    /// Begins what has not begun, and carries out what would have been the last thing. Nothing follows where that fails.
    pub(super) async fn begin(&mut self) -> Result<(), sqlx::Error> {
        if !self.is_begun {
            (self.is_owed, self.is_begun) = (true, true);
            self.seat.begin_after(self.seen).await?;
            if let Some((sql, arguments)) = self.last.take()
                && self.seat.execute_with(sql, arguments).await? == 0
            {
                return Err(TurnIsLost.into());
            }
            self.is_owed = false;
        }
        Ok(())
    }

    /// Takes all that is to be carried out before anything else, in order.
    pub(super) fn take_ahead(&mut self) -> Vec<Statement> {
        let mut ahead = mem::take(&mut self.beginning);
        ahead.append(&mut self.ahead);
        ahead
    }

    /// Takes all of a transaction of which nothing was sent yet, if it is to be carried out by this thread, and by whom.
    pub(super) fn take_whole(&mut self) -> Option<(Arc<Beside>, Vec<Statement>)> {
        let beside = self.writing.as_ref()?.beside.clone()?;
        let is_whole = !self.is_owed && !self.beginning.is_empty() && !self.ahead.is_empty() && self.filling.is_none();
        (is_whole && beside.is_ready()).then(|| (beside, self.take_ahead()))
    }

    /// Sends what is to be carried out before anything else.
    pub(super) async fn send_ahead(&mut self) -> Result<(), sqlx::Error> {
        if let Some(ahead) = joined(self.take_ahead()) {
            self.is_owed = true;
            let (sql, values) = parts(ahead);
            on_either!(&mut self.seat, connection => connection.execute(sqlx::query_with(sql, values)).await.map(drop))?;
            self.is_owed = false;
        }
        Ok(())
    }

    /// The connection and what is to be sent next. The beginning goes along, which has the same text each time; rows that are to be
    /// written before, and a beginning with a value, are sent by themselves: the statement may number its own.
    pub(super) async fn next(&mut self, mut statement: Statement) -> Result<(&mut Seat, Statement), sqlx::Error> {
        if self.last.is_none() && statement.sql.trim_start().starts_with("SELECT") {
            // Until its answer is there, it stands for whether anything may follow.
            self.is_owed |= !self.is_begun;
        } else {
            self.begin().await?;
        }
        let has_values = |beginning: &Statement| beginning.values.is_some();
        if !self.ahead.is_empty() || self.beginning.iter().any(has_values) {
            self.send_ahead().await?;
        } else if let Some(beginning) = joined(mem::take(&mut self.beginning)) {
            statement = followed(beginning, statement);
            self.is_owed = true;
        }
        Ok((&mut self.seat, statement))
    }

    /// Takes the history to end where it is expected to, if nothing was looked at or sent yet, so that the database can be made to
    /// look whether it does.
    pub(super) fn rely_on_end(&mut self) -> Option<i64> {
        let can_look = match self.seat {
            Seat::Postgres(_) => !self.is_begun && self.last.is_none(),
            Seat::Sqlite(_) => !self.beginning.is_empty(),
        };
        let end = self.expected.take().filter(|_| can_look && !self.is_owed && self.seen.0.is_none())?;
        self.seen = Seen(Some(end));
        if !self.beginning.is_empty() {
            self.beginning.push(Statement::from_sql_and_values(DbBackend::Sqlite, EXPECT, [end.into()]));
        }
        Some(end)
    }
}

/// Statements in one text, with the values of all, which none may number. The driver carries out one after the other, each
/// with its share of the values, and nothing after what is refused.
pub(in crate::store) fn joined(statements: Vec<Statement>) -> Option<Statement> {
    statements.into_iter().reduce(followed)
}

/// The same of two.
pub(super) fn followed(before: Statement, mut statement: Statement) -> Statement {
    statement.sql = format!("{};\n{}", before.sql, statement.sql);
    if let Some(Values(mut values)) = before.values {
        values.extend(statement.values.take().into_iter().flat_map(|Values(values)| values));
        statement.values = Some(Values(values));
    }
    statement
}

/// The text of a statement and its values, in the form of its database.
pub(super) fn parts(statement: Statement) -> (AssertSqlSafe<String>, SqlxValues) {
    let statement = readable(statement);
    (AssertSqlSafe(statement.sql), SqlxValues(statement.values.unwrap_or(Values(Vec::new()))))
}
