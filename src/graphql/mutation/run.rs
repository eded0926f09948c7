//! Runs the edits of a mutation. Problems that an editor can correct become user errors, all others an error of the
//! field.

use super::{
    arguments::{self, MutationCall},
    declare::Action,
};
use crate::{
    domain::{
        edit::{EditOptions, EditResult},
        queue::WriteQueue,
        write::{Author, WriteError},
    },
    graphql::error::{INTERNAL, MAY_BE_WRITTEN, UNREACHABLE, internal_because, unavailable_because},
    store,
};
use async_graphql::Error;
use entity::{Id, vocabulary::UserErrorCode};
use std::error::Error as _;

/// The message where the file of the database is not the one that was opened.
const FILE_LOST: &str =
    "The file of the database was deleted or replaced. The operator of this server must restore it.";

/// A problem that the editor can correct.
pub(super) struct UserError {
    pub(super) code: UserErrorCode,
    pub(super) message: String,
    /// The path from the top of the input; `None` where the problem concerns the whole input.
    pub(super) field: Option<Vec<String>>,
    /// The record that causes the problem.
    pub(super) current: Option<Id>,
    pub(super) differs: Option<Vec<String>>,
}

/// Runs edits, all or none: returns their results, or all problems.
///
/// A request may end early, because the client closes the connection or the time limit is reached. Edits that have begun are finished
/// all the same. Versions and keys make a retry safe.
///
/// # Errors
/// A failure of the database.
pub(super) async fn run(
    queue: &WriteQueue,
    actor: &str,
    action: Action,
    call: MutationCall,
    with_consequences: bool,
) -> Result<Result<EditResult, Vec<UserError>>, Error> {
    let author = Author { actor, summary: call.summary.as_deref() };
    let with_changes = matches!(action, Action::ApplyChanges);
    let options = EditOptions { dry_run: call.dry_run, with_changes, with_consequences };
    let actions = call.action;
    let failure = match queue.apply(call.edits, author, options).await {
        Ok(done) => return Ok(Ok(done)),
        Err(failure) => failure,
    };
    match failure {
        WriteError::Problems(input_problems) => Ok(Err(input_problems
            .into_iter()
            .map(|input_problem| UserError {
                code: input_problem.problem.code,
                message: input_problem.problem.message,
                field: arguments::path(
                    action,
                    actions.get(input_problem.index).copied().unwrap_or(action),
                    input_problem.index,
                    input_problem.problem.field,
                ),
                current: input_problem.current,
                differs: input_problem.differs,
            })
            .collect())),
        WriteError::Store(error @ store::Error::Constraint { .. }) => {
            // the checks should have found this, but the editor can still correct it
            tracing::warn!(
                cause = cause(&error),
                "a database constraint refused a change that the checks had accepted"
            );
            Ok(Err(vec![UserError {
                code: UserErrorCode::Invalid,
                message: "the database refused the change, because it contradicts stored data: read the record again and repeat the change".to_owned(),
                field: None,
                current: None,
                differs: None,
            }]))
        }
        WriteError::Store(error @ store::Error::Unavailable(_)) => {
            Err(unavailable_because(&format!("{UNREACHABLE} Nothing was changed."), cause(&error)))
        }
        WriteError::Store(error @ store::Error::Busy(_)) => Err(unavailable_because(
            "The database is busy with other writes. Nothing was changed; try again in a few seconds.",
            cause(&error),
        )),
        WriteError::Store(error @ store::Error::Full(_)) => {
            Err(unavailable_because("The database has no space left. Nothing was changed.", cause(&error)))
        }
        WriteError::Store(error @ store::Error::Replaced { .. }) => {
            Err(unavailable_because(&format!("{FILE_LOST} Nothing was changed."), cause(&error)))
        }
        WriteError::Unconfirmed(error @ store::Error::Replaced { .. }) => {
            Err(unavailable_because(&format!("{FILE_LOST} The change may be lost."), cause(&error)))
        }
        WriteError::Store(error) => Err(internal_because(&format!("{INTERNAL} Nothing was changed."), cause(&error))),
        WriteError::Unconfirmed(error @ store::Error::Unavailable(_)) => {
            Err(unavailable_because(&format!("{UNREACHABLE} {MAY_BE_WRITTEN}"), cause(&error)))
        }
        WriteError::Unconfirmed(error) => Err(internal_because(&format!("{INTERNAL} {MAY_BE_WRITTEN}"), cause(&error))),
    }
}

/// The error with its causes, for the log.
fn cause(error: &store::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text += ": ";
        text += &cause.to_string();
        source = cause.source();
    }
    text
}
