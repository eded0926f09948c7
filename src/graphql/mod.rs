//! The GraphQL schema: one declaration per type, each in its own file, and the functions that transports need.
//!
//! `compiled` turns declarations into types of the schema and selections into plans; `store::read` turns plans into SQL
//! statements. `mutation` turns arguments into edits for `domain::edit` and reads the results with such a plan. This
//! layer has no SQL, and lower layers have no GraphQL.

mod article;
mod bin;
pub mod budget;
pub mod compiled;
pub mod document;
mod entity_filter;
pub mod error;
mod event;
mod evidence;
mod fuzzy_date;
mod mutation;
mod node;
mod organization;
mod path;
mod person;
mod place;
mod query;
mod record;
mod relation;
mod repeated;
mod request;
mod revision;
mod root_field;
mod search;
mod suggest;
pub mod viewer;

use article::ARTICLE;
use event::{EVENT, PARTICIPATION};
use evidence::{CITATION, MENTION};
use node::NODE;
use organization::ORGANIZATION;
use person::PERSON;
use place::PLACE;
use record::{ANY_RECORD, ENTITY, RECORD};
use relation::{DELETED_RELATION, RELATION};
use revision::REVISION;

pub use mutation::Mutation;
pub use query::Query;
pub use request::{ReaderLanguages, ReportsCost};
pub use viewer::{Viewer, demand};

use crate::{
    domain::queue::WriteQueue,
    store::read::{
        Reader,
        declare::{Column, FieldDeclaration, FieldSource, Scalar, Type},
    },
};
use async_graphql::{EmptySubscription, Response, SDLExportOptions, SchemaBuilder, Value};
use entity::vocabulary::RecordKind;

/// The schema that every transport runs.
pub type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// The field in payloads and the type of a kind of record.
fn of_kind(kind: RecordKind) -> (&'static str, fn() -> &'static Type) {
    match kind {
        RecordKind::Article => ("article", || &ARTICLE),
        RecordKind::Place => ("place", || &PLACE),
        RecordKind::Organization => ("organization", || &ORGANIZATION),
        RecordKind::Person => ("person", || &PERSON),
        RecordKind::Event => ("event", || &EVENT),
        RecordKind::Relation => ("relation", || &RELATION),
    }
}

/// The types of kinds of record.
fn types_of(kinds: &[RecordKind]) -> Vec<&'static Type> {
    kinds.iter().map(|kind| of_kind(*kind).1()).collect()
}

/// An entity that a column of a subquery refers to.
fn any_entity(
    name: &'static str,
    key: &'static str,
    kind: Option<&'static str>,
    doc: &'static str,
) -> FieldDeclaration {
    let key = Column { name: key, scalar: Scalar::Id, nullable: false };
    FieldDeclaration::new(name, doc, FieldSource::Any { family: || &ENTITY, key, kind, first: None })
}

fn builder() -> SchemaBuilder<Query, Mutation, EmptySubscription> {
    async_graphql::Schema::build(Query, Mutation, EmptySubscription)
}

/// The schema over a database: `reader` reads it, `queue` writes to it.
#[must_use]
pub fn schema(reader: Reader, queue: WriteQueue, limits: &document::limit::Limits) -> Schema {
    document::guarded(builder(), limits).data(reader).data(queue).data(limits.clone()).finish()
}

/// The sorted SDL with descriptions.
#[must_use]
pub fn sdl() -> String {
    let options = SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items().include_specified_by();
    builder().finish().sdl_with_options(options)
}

/// Writes an answer as JSON. Root fields return JSON text ([`Value::Binary`]), which is copied as it is. Every
/// transport must write its answers with this function.
#[must_use]
pub fn answer(response: &Response) -> Vec<u8> {
    let texts = match &response.data {
        Value::Object(fields) => {
            fields.values().map(|value| if let Value::Binary(json) = value { json.len() } else { 0 }).sum()
        }
        _ => 0,
    };
    // Room for all of it, because a text that grows takes up to twice its size.
    let mut out = Vec::with_capacity(texts + 4096);
    out.push(b'{');
    if !response.errors.is_empty() {
        out.extend_from_slice(b"\"errors\":");
        write(&mut out, &response.errors);
    }
    if !error::was_not_executed(response) {
        if !response.errors.is_empty() {
            out.push(b',');
        }
        out.extend_from_slice(b"\"data\":");
        match &response.data {
            Value::Object(fields) => {
                for (i, (key, value)) in fields.iter().enumerate() {
                    out.extend_from_slice(if i == 0 { b"{\"" } else { b",\"" });
                    out.extend_from_slice(key.as_bytes());
                    out.extend_from_slice(b"\":");
                    match value {
                        Value::Binary(json) => out.extend_from_slice(json),
                        value => write(&mut out, value),
                    }
                }
                out.extend_from_slice(if fields.is_empty() { b"{}" } else { b"}" });
            }
            other => write(&mut out, other),
        }
    }
    if !response.extensions.is_empty() {
        out.extend_from_slice(b",\"extensions\":");
        write(&mut out, &response.extensions);
    }
    out.push(b'}');
    out
}

/// Writing JSON values into memory does not fail.
fn write(out: &mut Vec<u8>, value: &impl serde::Serialize) {
    if let Err(error) = serde_json::to_writer(&mut *out, value) {
        tracing::error!(%error, "an answer could not be written");
        out.extend_from_slice(b"null");
    }
}
