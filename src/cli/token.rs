//! `dateline token`: creates, lists and revokes access tokens.

use std::io::Write as _;

use chrono::Utc;

use super::CommandError;
use crate::{
    config::{Database, Role, Token, TokenCreate, TokenRevoke},
    domain::access::{
        self,
        token::{self, TokenError, moment},
    },
    store::{
        Connection,
        migrate::{check, migrate},
    },
};

impl From<TokenError> for CommandError {
    fn from(refusal: TokenError) -> Self {
        match refusal {
            TokenError::Store(error) => error.into(),
            refusal => Self::new(refusal.to_string()),
        }
    }
}

/// Runs the command.
///
/// # Errors
/// Where a name or a time is wrong, or where the database cannot be used.
pub async fn run(args: &Token) -> Result<(), CommandError> {
    match args {
        Token::Create(args) => create(args).await,
        Token::List(database) => list(database).await,
        Token::Revoke(args) => revoke(args).await,
    }
}

/// May run before the first `serve`, so it creates and migrates the database as well.
async fn create(args: &TokenCreate) -> Result<(), CommandError> {
    let expires_at = match &args.expires {
        Some(text) => {
            let end = token::end(text, Utc::now());
            Some(end.map_err(|wrong| CommandError::new(format!("--expires {wrong}")))?)
        }
        None => None,
    };
    let role = match args.role {
        Role::Reader => access::Role::Reader,
        Role::Editor => access::Role::Editor,
        Role::Admin => access::Role::Admin,
    };
    let connection = Connection::open(args.database.url()).await?;
    migrate(&connection).await?;
    let (secret, token) = token::create(&connection, &args.name, role, expires_at).await?;
    connection.close().await?;
    let mut out = std::io::stdout();
    writeln!(out, "{}", secret.as_str()).and_then(|()| out.flush()).map_err(|error| {
        CommandError::new(format!(
            "the token was created but cannot be printed ({error}); revoke it and create another one"
        ))
    })?;
    let end =
        token.expires_at.map_or_else(|| "does not expire".to_owned(), |end| format!("expires on {}", moment(end)));
    eprintln!("This token of {} has the role {role} and {end}.", token.name);
    eprintln!("It is shown only now. Send it as `Authorization: Bearer TOKEN`.");
    Ok(())
}

async fn list(database: &Database) -> Result<(), CommandError> {
    let connection = existing(database).await?;
    let tokens = token::list(&connection).await?;
    connection.close().await?;
    let end = |at| moment(at) + if at > Utc::now() { "" } else { " (expired)" };
    let mut rows = vec![["NAME", "ROLE", "CREATED", "EXPIRES", "REVOKED"].map(str::to_owned)];
    rows.extend(tokens.into_iter().map(|token| {
        let role = token.role.to_string().to_lowercase();
        let expires = token.expires_at.map_or_else(|| "never".to_owned(), end);
        let revoked = token.revoked_at.map_or_else(|| "no".to_owned(), moment);
        [token.name, role, moment(token.created_at), expires, revoked]
    }));
    std::io::stdout()
        .write_all(table(&rows).as_bytes())
        .map_err(|error| CommandError::new(format!("cannot write the list: {error}")))
}

/// A table with aligned columns.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let widths: [usize; N] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default());
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}

async fn revoke(args: &TokenRevoke) -> Result<(), CommandError> {
    let connection = existing(&args.database).await?;
    token::revoke(&connection, &args.name).await?;
    connection.close().await?;
    eprintln!("The token of {} is revoked. A running server stops accepting it within seconds.", args.name.trim());
    Ok(())
}

async fn existing(database: &Database) -> Result<Connection, CommandError> {
    let connection = Connection::open_existing(database.url()).await?;
    check(&connection).await?;
    Ok(connection)
}
