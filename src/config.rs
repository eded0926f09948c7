//! Settings from the command line and the environment, with defaults. Only `main` and `cli` read them.
//!
//! Every flag for a service has an environment variable. The flag has precedence. An empty variable counts as unset (except the one with the token, which has to be right or absent).

mod limits;

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};

use crate::http;

pub use limits::Limits;

/// The environment variable with an administrator's token. There is no flag for it: other users can see command lines.
pub const ADMIN_TOKEN: &str = "DATELINE_ADMIN_TOKEN";

const EXAMPLES: &str = "\
Examples:
  dateline serve --demo                             import the demo corpus and serve it
  dateline serve                                    serve ./dateline.db, empty at first
  dateline import countries.jsonl articles/         import records (JSON Lines)
  DATABASE_URL=postgres://me@db/news dateline serve --listen 0.0.0.0:8000
  dateline token create --name Amina --role editor  create and print a token
  dateline schema > schema.graphql                  the GraphQL schema, without a database

Then open http://127.0.0.1:8000/ in a browser. See `dateline <command> --help` for each command.";

/// A knowledge base of articles and of the places, organizations, people and dated events in them, with a GraphQL API.
#[derive(Debug, Parser)]
#[command(name = "dateline", version, about, after_help = EXAMPLES, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub log: Log,
    #[command(subcommand)]
    pub command: Command,
}

impl Cli {
    /// Reads the command line and the environment. Ends the process where they are wrong or ask for help.
    #[must_use]
    pub fn read() -> Self {
        let matches = without_empty_variables(Self::command()).get_matches();
        Self::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
    }
}

/// Service managers and containers set variables that have no value to the empty text.
fn without_empty_variables(command: clap::Command) -> clap::Command {
    let is_empty = |arg: &clap::Arg| arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
    command
        .mut_args(|arg| if is_empty(&arg) { arg.env(None::<&'static str>) } else { arg })
        .mut_subcommands(without_empty_variables)
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve the GraphQL API and the playground
    Serve(Box<Serve>),
    /// Create or migrate the tables, and exit
    Migrate(Database),
    /// Build the search index again
    Reindex(Database),
    /// Import records from JSON Lines: all or none
    Import(Import),
    /// Export all records as JSON Lines
    Export(Export),
    /// Copy the file of a SQLite database, also while a server runs
    Backup(Backup),
    /// Replace the file of a SQLite database by a backup
    Restore(Restore),
    /// Check the file, the records and all that follows from them; exit with 1 where something is wrong
    Check(Database),
    /// Create, list and revoke access tokens
    #[command(subcommand)]
    Token(Token),
    /// Print the GraphQL schema (SDL); no database needed
    Schema,
}

/// What is logged, and how. Logs go to standard error.
#[derive(Debug, Clone, Args)]
pub struct Log {
    /// What to log: error, warn, info, debug or trace, or per module (`info,sqlx=debug`)
    #[arg(
        long = "log",
        env = "DATELINE_LOG",
        value_name = "FILTER",
        default_value = "info,sqlx=warn,sea_orm_migration=warn",
        global = true
    )]
    pub filter: String,
    /// Format of the log: plain text, or one JSON object per line
    #[arg(
        long = "log-format",
        env = "DATELINE_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text",
        global = true
    )]
    pub format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

/// Where the records are.
#[derive(Debug, Clone, Args)]
pub struct Database {
    /// `sqlite://FILE` or `postgres://USER:PASSWORD@HOST/NAME` [default: `sqlite://dateline.db`]
    ///
    /// `serve`, `migrate`, `import` and `token create` create a SQLite file that does not exist, except with `?mode=rw`. In the name of a file, `%20` stands for a space and `%3F` for a question mark.
    #[arg(long = "database", env = "DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub url: Option<String>,
}

impl Database {
    pub const DEFAULT: &'static str = "sqlite://dateline.db";
    pub const DEMO: &'static str = "sqlite://dateline-demo.db";

    /// The address that was given, else the default.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_deref().unwrap_or(Self::DEFAULT)
    }
}

#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  dateline serve --demo                        the demo corpus, in ./dateline-demo.db
  dateline serve --listen 127.0.0.1:9000 --database sqlite:///var/lib/dateline/news.db
  dateline serve --no-introspection --allow-origin https://news.example
  dateline serve --listen 0.0.0.0:8000 --read open

Create tokens with `dateline token create`, also while the server runs. Send them as `Authorization: Bearer TOKEN`. For
automatic deployments, set DATELINE_ADMIN_TOKEN in the environment to an administrator's token (at least 32 characters).

SIGTERM and Ctrl-C stop the server: it accepts no new connections, and running requests have 10 s to finish. A second
signal stops it at once.")]
pub struct Serve {
    /// Address and port to listen on (port 0: any free port)
    #[arg(long, env = "DATELINE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8000")]
    pub listen: String,
    #[command(flatten)]
    pub database: Database,
    /// Who may read: everybody, or only holders of a token [default: open on a loopback address, else token]
    ///
    /// /healthz, /readyz and the playground page are always open. Changes of records need a token with the role editor.
    #[arg(long, env = "DATELINE_READ", value_name = "WHO")]
    pub read: Option<Reading>,
    /// Import the demo corpus at the first start, and print a link for editing it
    ///
    /// The link contains an editor's token that is valid until the server stops. The default database of the demo is `sqlite://dateline-demo.db`. A database with other records is refused.
    #[arg(long)]
    pub demo: bool,
    /// Origin whose pages may call the API from a browser; repeatable, or separated by commas [default: same origin only]
    #[arg(long = "allow-origin", env = "DATELINE_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',', value_parser = http::origin)]
    pub allow_origin: Vec<axum::http::HeaderValue>,
    /// Whether to compress answers of 1 KiB and more with gzip or Brotli, for clients that accept it [default: off on a
    /// loopback address, else on]
    ///
    /// A proxy on the same machine usually compresses by itself.
    #[arg(long, env = "DATELINE_COMPRESS", value_name = "WHETHER")]
    pub compress: Option<Compress>,
    /// Host name that requests may be for, beside loopback names; repeatable, or separated by commas [default: loopback names only]
    ///
    /// It counts on a loopback address only: name the host of a proxy that passes the header Host on. On other addresses every name is allowed.
    #[arg(long = "allow-host", env = "DATELINE_ALLOW_HOST", value_name = "NAME", value_delimiter = ',', value_parser = http::host_name)]
    pub allow_host: Vec<String>,
    /// Address or network of a proxy, whose header X-Forwarded-For names the client; repeatable, or separated by commas
    #[arg(long = "proxy", env = "DATELINE_PROXY", value_name = "ADDRESS", value_delimiter = ',', value_parser = http::client::network)]
    pub proxy: Vec<http::client::Network>,
    #[command(flatten)]
    pub limits: Limits,
}

impl Serve {
    /// The database to serve: the one that was named, else the demo's or the default one.
    #[must_use]
    pub fn database_url(&self) -> &str {
        match (&self.database.url, self.demo) {
            (Some(url), _) => url,
            (None, true) => Database::DEMO,
            (None, false) => Database::DEFAULT,
        }
    }
}

/// Who may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Reading {
    /// Everybody
    Open,
    /// Only holders of a token
    Token,
}

/// Whether answers are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Compress {
    /// For clients that accept it
    On,
    /// Never
    Off,
}

/// What `dateline token` does.
#[derive(Debug, Clone, Subcommand)]
pub enum Token {
    /// Create a token and print it on standard output; it cannot be shown again
    Create(TokenCreate),
    /// List the tokens with name, role and times; the tokens themselves are not stored
    List(Database),
    /// Revoke a token: a running server stops accepting it within seconds
    Revoke(TokenRevoke),
}

/// What `dateline token create` takes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
A server may run on the same database at the same time. The database is created if it does not exist. Only a hash of the
token is stored: if you lose a token, revoke it and create another one.

Examples:
  dateline token create --name Amina --role editor
  dateline token create --name 'nightly export' --role reader --expires 90d
  TOKEN=$(dateline token create --name ci --role editor --expires 2027-01-31)
  curl -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\
    -d '{\"query\":\"{ viewer { name role } }\"}' http://127.0.0.1:8000/graphql")]
pub struct TokenCreate {
    /// Name of the holder; the history records it with every change
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// Role of the token
    #[arg(long, value_name = "ROLE")]
    pub role: Role,
    /// When the token expires: after a duration (30m, 12h, 90d, 8w), at the end of a day in UTC (2027-01-31), or at a time
    /// (2027-01-31T18:00:00Z) [default: never]
    #[arg(long, value_name = "WHEN")]
    pub expires: Option<String>,
    #[command(flatten)]
    pub database: Database,
}

/// What a token allows. Each role may do what those before it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// May read
    Reader,
    /// May read and change records
    Editor,
    /// May do everything that the API offers
    Admin,
}

/// What `dateline token revoke` takes.
#[derive(Debug, Clone, Args)]
pub struct TokenRevoke {
    /// Name of the holder
    #[arg(long, value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub database: Database,
}

/// What `dateline import` takes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Each line is one record in JSON; docs/interchange.md describes it. Lines may refer to one another in any order.
A line that equals the stored record changes nothing, so that an import can be repeated. If any line has a problem,
nothing is written.

Examples:
  dateline import countries.jsonl articles/
  generate | dateline import -")]
pub struct Import {
    /// Files, folders (their *.jsonl files in order of name), or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    #[command(flatten)]
    pub database: Database,
    /// Name that the history records with every change
    #[arg(long, env = "DATELINE_ACTOR", value_name = "NAME", default_value = "import")]
    pub actor: String,
    /// Reason for the import, which the history records
    #[arg(long, value_name = "TEXT")]
    pub summary: Option<String>,
}

/// What `dateline export` takes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
The order of lines and fields is fixed: equal contents give equal files on SQLite and Postgres.

Examples:
  dateline export > everything.jsonl
  dateline export --history -o backup.jsonl")]
pub struct Export {
    #[command(flatten)]
    pub database: Database,
    /// Include the history: every change of every record
    #[arg(long, conflicts_with = "published")]
    pub history: bool,
    /// Leave out the records in the bin and all links to them; without this, the export contains them, marked by deletedAt
    #[arg(long)]
    pub published: bool,
    /// File to write; it appears when it is complete [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// What `dateline backup` takes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
The copy is of one state of the database, and is checked. It contains the hashes of tokens. Keep it on another disk.
For Postgres, use pg_dump.

Examples:
  dateline backup dateline-2027-01-31.db
  dateline backup /mnt/backup/news.db --database sqlite:///var/lib/dateline/news.db")]
pub struct Backup {
    /// New file to write; it appears when it is complete and checked
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub database: Database,
}

/// What `dateline restore` takes.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Stop the server first. The backup is checked before anything is replaced. The replaced database is kept beside the new
one, with .before-restore at the end of its name.

Example:
  dateline restore dateline-2027-01-31.db")]
pub struct Restore {
    /// Backup made by `dateline backup`, or another copy of a SQLite database
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub database: Database,
}
