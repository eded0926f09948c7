//! Carries out the edits of a mutation, and tells what kept them from being carried out: what an editor can mend as user errors,
//! everything else as an error of the field.

use super::{
    arguments::{self, MutationCall},
    declare::Action,
};
use crate::{
    domain::{
        edit::{Done, Failure, How},
        queue::WriteQueue,
        write::Author,
    },
    graphql::error::{INTERNAL, MAY_BE_WRITTEN, UNREACHABLE, internal_because, unavailable_because},
    store,
};
use async_graphql::Error;
use entity::{Id, vocabulary::UserErrorCode};
use std::error::Error as _;

/// Something that the editor can mend.
pub(super) struct UserError {
    pub(super) code: UserErrorCode,
    pub(super) message: String,
    /// The way to what is wrong, from the top of the input; none where it is the whole.
    pub(super) field: Option<Vec<String>>,
    /// The record that stands in the way.
    pub(super) current: Option<Id>,
    pub(super) differs: Option<Vec<String>>,
}

/// Carries out edits, all or none: gives what became of each, or all that is wrong with them.
///
/// A request that ends early, because the client goes away or the time limit is reached, may have been carried out without an
/// answer: what was begun is finished. Versions and keys make a retry safe.
///
/// # Errors
/// Where the database is at fault.
pub(super) async fn run(
    queue: &WriteQueue,
    actor: &str,
    action: Action,
    call: MutationCall,
) -> Result<Result<Vec<Done>, Vec<UserError>>, Error> {
    let author = Author { actor, summary: call.summary.as_deref() };
    let how = How { dry_run: call.dry_run, tells_changes: matches!(action, Action::ApplyChanges) };
    let each = call.action;
    let failure = match queue.apply(call.edits, author, how).await {
        Ok(done) => return Ok(Ok(done)),
        Err(failure) => failure,
    };
    match failure {
        Failure::Refused(objections) => Ok(Err(objections
            .into_iter()
            .map(|objection| UserError {
                code: objection.problem.code,
                message: objection.problem.message,
                field: arguments::path(
                    action,
                    each.get(objection.edit).copied().unwrap_or(action),
                    objection.edit,
                    objection.problem.field,
                ),
                current: objection.current,
                differs: objection.differs,
            })
            .collect())),
        Failure::Store(error @ store::Error::Constraint { .. }) => {
            // the rules should have found it first: the editor can mend it all the same
            tracing::warn!(cause = cause(&error), "a constraint refused what the rules had let pass");
            Ok(Err(vec![UserError {
                code: UserErrorCode::Invalid,
                message: "contradicts stored data".to_owned(),
                field: None,
                current: None,
                differs: None,
            }]))
        }
        // The connection may have broken just when the change was made to last.
        Failure::Store(error @ store::Error::Unavailable(_)) => {
            Err(unavailable_because(&format!("{UNREACHABLE} {MAY_BE_WRITTEN}"), cause(&error)))
        }
        Failure::Store(error @ store::Error::Busy(_)) => Err(unavailable_because(
            "The database is busy with other writes. Nothing was changed; try again in a few seconds.",
            cause(&error),
        )),
        Failure::Store(error @ store::Error::Full(_)) => {
            Err(unavailable_because("The database has no space left. Nothing was changed.", cause(&error)))
        }
        Failure::Store(error) => Err(internal_because(&format!("{INTERNAL} {MAY_BE_WRITTEN}"), cause(&error))),
        broken @ Failure::Broken => Err(internal_because(&format!("{INTERNAL} Nothing was changed."), broken)),
    }
}

/// What happened, with what caused it, for the log.
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
