//! The root field `suggest`: names by the beginnings of their words, for pickers.

use super::{
    RECORD,
    compiled::{self, PlanResult, Selection, SelectionSets, records, selection_sets},
    record::NAME_TYPE,
};
use crate::{
    store::read::{
        declare::{Arguments, Column, Enumeration, Link, Scalar, Type, argument, asc, desc},
        plan::{FieldPlan, ObjectPlan, RootPlan},
        suggest::{SUGGESTION_ROWS, arguments, suggestions},
    },
    text::{TypedWords, find_typed, typed_words},
};
use async_graphql::{
    Positioned,
    parser::types::Field as Selected,
    registry::{MetaInputValue, Registry},
};
use entity::vocabulary::{RecordType, Vocabulary as _};
use serde_json::{Map, Value as Json};
use std::sync::LazyLock;

/// The maximum number of characters that can be typed.
const MAX_LENGTH: usize = 200;
const DEFAULT_FIRST: &str = "10";

/// The rows of the list, which have no table.
static SUGGESTION: LazyLock<Type> = LazyLock::new(|| Type::new("Suggestion", "", ""));

/// The description of the field.
pub(super) const DESCRIPTION: &str = "Names for a picker, in any language: those that have a word which begins with what was typed. Of several typed words, \
    the last is a beginning, and the name has the others as whole words. Headlines of articles count as names. Case, accents, variants of \
    Arabic letters and the Arabic article are ignored. The records that most articles mention come first, then by name. Each record is given \
    once, with the first of its names that fits. Less than two letters give nothing. Where more than 200 names of a type fit, the first 200 in the \
    order of their words are compared, and those of the 200 records of the type that most articles mention. Of several words, the first 2,000 \
    names of a type with the longest whole word and the first 2,000 with the beginning are searched for the other words; a name beyond both is \
    found only if it is one of these 200 records.";

/// The type of the field and its arguments.
pub(super) fn declare(registry: &mut Registry) -> (String, Vec<MetaInputValue>) {
    let (record, name) = (compiled::interface(registry, &RECORD), compiled::object(registry, &NAME_TYPE));
    let highlight = highlight(registry);
    compiled::plain_object(
        registry,
        "Suggestion",
        "A record with a name that has what was typed.".to_owned(),
        &[
            ("record", format!("{record}!"), "The record."),
            ("name", format!("{name}!"), "The name that was found. For an article, its headline."),
            ("highlights", format!("[{highlight}!]!"), "Where the name has what was typed, in the order of the text."),
        ],
    );
    let types = Scalar::Enumeration(Enumeration::of::<RecordType>());
    let arguments = [
        argument("prefix", Scalar::Text, "What was typed, at most 200 characters.").required(),
        argument("types", types, "Only records of these types.").list(),
        argument("first", Scalar::Int, "The maximum number of suggestions, 0 to 100.").default(DEFAULT_FIRST),
    ];
    let arguments = arguments.iter().map(|argument| compiled::meta_argument(registry, argument)).collect();
    ("[Suggestion!]!".to_owned(), arguments)
}

/// The type of highlights, also of those of a search.
pub(super) fn highlight(registry: &mut Registry) -> &'static str {
    compiled::plain_object(
        registry,
        "Highlight",
        "A part of a text that was found.".to_owned(),
        &[
            ("start", "Int!".to_owned(), "The start, in Unicode code points from the start of the text."),
            ("end", "Int!".to_owned(), "The position after the last code point."),
        ],
    );
    "Highlight"
}

/// The plan of the field.
pub(super) fn plan<'a>(
    selection: &mut Selection<'a>,
    field: &'a Positioned<Selected>,
    below: &SelectionSets<'a>,
) -> PlanResult<RootPlan> {
    let given = |name: &str| selection.argument(&field.node, name).filter(|value| !value.is_null());
    let prefix = given("prefix").and_then(|prefix| prefix.as_str().map(str::to_owned)).unwrap_or_default();
    let length = prefix.chars().count();
    if length > MAX_LENGTH {
        return Err(selection.problem(format!("`prefix` has {length} characters; the limit is {MAX_LENGTH}.")));
    }
    let kinds: Vec<String> = match given("types") {
        None => RecordType::VALUES.iter().map(|(kind, _)| (*kind).to_owned()).collect(),
        Some(Json::Array(types)) => types.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        Some(one) => one.as_str().map(str::to_owned).into_iter().collect(),
    };
    let limit = Some(selection.first(field, DEFAULT_FIRST)?);
    let mut object = ObjectPlan { ty: &SUGGESTION, fields: vec![] };
    for (key, nodes) in selection.fields_of("Suggestion", below) {
        selection.path.push(key.to_owned());
        selection.count(nodes[0].pos)?;
        let below = selection_sets(&nodes);
        let part = match nodes[0].node.name.node.as_str() {
            "record" => FieldPlan::Any {
                key: Column { name: "id", scalar: Scalar::Id, nullable: false },
                kind: Some("kind"),
                branches: selection.objects(&records(&RECORD), &below)?,
                first: None,
            },
            "name" => FieldPlan::Embedded {
                prefix: "name_",
                present: "name_text",
                object: selection.object(&NAME_TYPE, &below)?,
            },
            "highlights" => FieldPlan::Computed {
                inputs: vec![Column { name: "name_text", scalar: Scalar::Text, nullable: false }],
                by: highlights,
                arguments: highlight_arguments(selection, &prefix, &below),
            },
            _ => FieldPlan::Constant("\"Suggestion\"".to_owned()),
        };
        selection.path.pop();
        object.fields.push((key.to_owned(), part));
    }
    let list = match typed_words(&prefix) {
        None => FieldPlan::Constant("[]".to_owned()),
        Some(TypedWords { whole, prefix, .. }) => FieldPlan::List {
            link: Link::Select(suggestions, SUGGESTION_ROWS),
            order: vec![desc("links", Scalar::Int), asc("name_key", Scalar::Text), asc("id", Scalar::Id)],
            limit,
            arguments: arguments(&kinds, &whole, &prefix),
            object,
        },
    };
    Ok(RootPlan::Field { ty: &SUGGESTION, field: list })
}

/// The arguments of [`highlights`]: what was typed, and the selected fields by response key.
fn highlight_arguments(selection: &Selection<'_>, prefix: &str, below: &SelectionSets<'_>) -> Arguments {
    let fields = selection.fields_of("Highlight", below).into_iter();
    let fields: Map<String, Json> =
        fields.map(|(key, nodes)| (key.to_owned(), nodes[0].node.name.node.as_str().into())).collect();
    let mut arguments = Arguments::new();
    arguments.insert("prefix".to_owned(), prefix.into());
    arguments.insert("fields".to_owned(), fields.into());
    arguments
}

/// Where a name has what was typed.
fn highlights(inputs: &[Json], arguments: &Arguments) -> Json {
    let text = |value: Option<&Json>| value.and_then(Json::as_str).map(str::to_owned).unwrap_or_default();
    let Some(typed) = typed_words(&text(arguments.get("prefix"))) else { return Json::Array(vec![]) };
    let fields = arguments.get("fields").and_then(Json::as_object);
    let object = |(start, end): (usize, usize)| {
        let value = |field: &Json| match field.as_str() {
            Some("start") => start.into(),
            Some("end") => end.into(),
            _ => Json::from("Highlight"),
        };
        Json::Object(fields.into_iter().flatten().map(|(key, field)| (key.clone(), value(field))).collect())
    };
    find_typed(&text(inputs.first()), &typed).into_iter().map(object).collect()
}
