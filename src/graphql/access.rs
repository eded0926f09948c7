//! Who may edit: what mutations, and what is for editors alone, demand before anything else.

use super::error::Code;
use async_graphql::{Context, Error};

/// Who edits, as the history shows it: `http` puts it into the data of a request that may edit.
pub struct Actor(pub String);

/// The actor of a request that may edit. To be called before anything is planned or done.
///
/// # Errors
/// `UNAUTHENTICATED` where nobody is known.
pub fn demand<'a>(ctx: &'a Context<'_>) -> Result<&'a str, Error> {
    match ctx.data_opt::<Actor>() {
        Some(Actor(name)) => Ok(name),
        None => Err(Code::Unauthenticated
            .error("This needs a token with the role EDITOR: send it as `Authorization: Bearer TOKEN`.")),
    }
}
