//! The field `viewer`, and the check of roles. Every transport puts a [`Viewer`] into the data of the request. Without
//! one, the request is anonymous.

use super::{
    compiled::Selection,
    error::{BUSY, Code, internal, unavailable, unavailable_because},
};
use crate::store::read::{
    ReadError,
    build::raw_column,
    declare::{Enumeration, Scalar, Type},
};
use async_graphql::{Context, Error, ServerResult, Value, async_trait::async_trait};
use serde_json::{Map, Value as Json};
use std::sync::LazyLock;

pub use crate::domain::access::{Gate, Role, Viewer};

/// The declaration of the type Viewer, which has no table.
pub(super) static VIEWER: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Viewer", "", "The person or program that sent the request, identified by its token.")
        .with(raw_column(
            "name",
            "name",
            Scalar::Text,
            true,
            "The name of the token, which the history records with every change; null without a token.",
        ))
        .with(raw_column(
            "role",
            "role",
            Scalar::Enumeration(Enumeration::of::<Role>()),
            true,
            "The role of the token; null without a token.",
        ))
});

/// The viewer of a request.
fn viewer<'a>(ctx: &'a Context<'_>) -> &'a Viewer {
    ctx.data_opt().unwrap_or(&Viewer::ANONYMOUS)
}

/// The viewer of a request, who must have this role or a higher one.
///
/// # Errors
/// `UNAUTHENTICATED` without a token, `FORBIDDEN` where its role is too small.
pub fn demand<'a>(ctx: &'a Context<'_>, role: Role) -> Result<&'a Viewer, Error> {
    let viewer = viewer(ctx);
    match viewer.role {
        Some(_) if viewer.may(role) => Ok(viewer),
        Some(own) => Err(Code::Forbidden.error(format!("Your token has the role {own}; this needs {role}."))),
        None => Err(Code::Unauthenticated
            .error(format!("This needs a token with the role {role}: send it as `Authorization: Bearer TOKEN`."))),
    }
}

/// The value of the field `viewer`, from the data of the request.
pub(super) fn answer(ctx: &Context<'_>, selection: &Selection<'_>) -> ServerResult<Value> {
    let Some(below) = selection.occurrences("Query") else {
        return Ok(Value::Null);
    };
    let viewer = viewer(ctx);
    let mut fields = Map::new();
    for (key, nodes) in selection.fields(&VIEWER, &below) {
        let value = match nodes[0].node.name.node.as_str() {
            "__typename" => Some(VIEWER.name),
            "name" => viewer.name.as_deref(),
            "role" => viewer.role.map(entity::vocabulary::Vocabulary::as_str),
            name => return Err(selection.problem(format!("{} has no field `{name}`.", VIEWER.name)).into_error()),
        };
        fields.insert(key.to_owned(), value.into());
    }
    Ok(Value::Binary(Json::Object(fields).to_string().into_bytes().into()))
}

/// Finds the viewer of a token. A trait, so that transports can be tested without a database.
#[async_trait]
pub trait Recognize: Send + Sync + 'static {
    /// The viewer of this token; `None` where it is not accepted.
    ///
    /// # Errors
    /// Where that cannot be told at the moment.
    async fn recognize(&self, token: &str) -> Result<Option<Viewer>, Error>;
}

#[async_trait]
impl Recognize for Gate {
    async fn recognize(&self, token: &str) -> Result<Option<Viewer>, Error> {
        self.viewer(token).await.map_err(|error| match error {
            ReadError::Unavailable(cause) => unavailable(cause),
            ReadError::Busy(cause) => unavailable_because(BUSY, cause),
            ReadError::TimedOut | ReadError::TooMuch | ReadError::AnswerTooLarge => unavailable(error),
            ReadError::Refused(cause) | ReadError::Failed(cause) => internal(cause),
        })
    }
}
