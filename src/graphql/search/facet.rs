//! The facets of a search: how many hits there are of each type and in each language.

use super::super::compiled::{PlanResult, Selection, selection_sets, without_leaf};
use crate::{
    store::read::{
        json::{JsonWriter, Written},
        page::{MAX_SIZE, PageProblem},
    },
    text::{display_name, language, sort_key},
};
use async_graphql::{Positioned, parser::types::Field as Selected};
use entity::vocabulary::{RecordType, Vocabulary as _};
use serde_json::Value as Json;
use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

/// What hits are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum SearchFacet {
    Type,
    Language,
}

/// The numbers of hits by value; those without one have the value `None`.
pub(super) type FacetCounts = HashMap<SearchFacet, BTreeMap<Option<String>, usize>>;

/// The selected facets.
pub(super) struct FacetsPlan {
    pub(super) by: Vec<SearchFacet>,
    /// The maximum number of buckets.
    first: usize,
    /// The selected fields of each, by response key.
    fields: Vec<(String, FacetPart)>,
    /// The language of the labels by which buckets are sorted.
    language: String,
}

/// A selected field of a facet.
enum FacetPart {
    TypeName,
    By,
    Total,
    Missing,
    Buckets(Vec<(String, BucketPart)>),
}

/// A selected field of a bucket.
enum BucketPart {
    TypeName,
    Value,
    /// In this language.
    Label(String),
    Record,
    Count,
    IsSelected,
}

type Nodes<'a> = [&'a Positioned<Selected>];

impl SearchFacet {
    const fn name(self) -> &'static str {
        match self {
            Self::Type => "TYPE",
            Self::Language => "LANGUAGE",
        }
    }

    fn label(self, value: &str, language: &str) -> String {
        match self {
            Self::Type => RecordType::parse(value).map_or(value, |ty| ty.label(language)).to_owned(),
            Self::Language => display_name::of_language(value, language),
        }
    }
}

impl FacetsPlan {
    pub(super) fn new<'a>(selection: &mut Selection<'a>, nodes: &Nodes<'a>) -> PlanResult<Self> {
        let given = |name: &str| selection.argument(&nodes[0].node, name).filter(|value| !value.is_null());
        let names = match given("by") {
            Some(Json::Array(names)) => names,
            one => one.into_iter().collect(),
        };
        let mut by = vec![];
        for field in [SearchFacet::Type, SearchFacet::Language] {
            let times = names.iter().filter(|name| *name == field.name()).count();
            if times > 1 {
                return Err(selection.problem(format!("`by` has {} twice. Name each facet once.", field.name())));
            }
        }
        for name in &names {
            by.push(if name == "TYPE" { SearchFacet::Type } else { SearchFacet::Language });
        }
        let asked = given("first").and_then(|first| first.as_i64()).unwrap_or(10);
        let first = u64::try_from(asked).ok().filter(|first| *first <= MAX_SIZE);
        let first = first.ok_or_else(|| selection.problem(PageProblem::Size("first", asked).to_string()))?;
        let readers = language_of_labels(selection.languages());
        let mut plan =
            Self { by, first: usize::try_from(first).unwrap_or_default(), fields: vec![], language: readers };
        for (key, nodes) in selection.fields_of("Facet", &selection_sets(nodes)) {
            let part = match nodes[0].node.name.node.as_str() {
                "by" => FacetPart::By,
                "total" => FacetPart::Total,
                "missing" => FacetPart::Missing,
                "buckets" => FacetPart::Buckets(plan.buckets(selection, &nodes)),
                _ => FacetPart::TypeName,
            };
            plan.fields.push((key.to_owned(), part));
        }
        Ok(plan)
    }

    fn buckets<'a>(&mut self, selection: &Selection<'a>, nodes: &Nodes<'a>) -> Vec<(String, BucketPart)> {
        let readers = self.language.clone();
        let part = |nodes: Vec<&'a Positioned<Selected>>| match nodes[0].node.name.node.as_str() {
            "value" => BucketPart::Value,
            "label" => {
                let wanted = selection.argument(&nodes[0].node, "languages");
                let wanted = wanted.as_ref().and_then(Json::as_array).into_iter().flatten();
                let wanted: Vec<String> = wanted.filter_map(|tag| tag.as_str().map(str::to_owned)).collect();
                BucketPart::Label(if wanted.is_empty() { readers.clone() } else { language_of_labels(&wanted) })
            }
            "record" => BucketPart::Record,
            "count" => BucketPart::Count,
            "isSelected" => BucketPart::IsSelected,
            _ => BucketPart::TypeName,
        };
        let fields = selection.fields_of("FacetBucket", &selection_sets(nodes));
        let parts: Vec<_> = fields.into_iter().map(|(key, nodes)| (key.to_owned(), part(nodes))).collect();
        let shown =
            parts.iter().find_map(|(_, part)| if let BucketPart::Label(of) = part { Some(of.clone()) } else { None });
        self.language = shown.unwrap_or(readers);
        parts
    }

    /// Writes the facets.
    pub(super) fn answer(
        &self,
        json: &mut JsonWriter,
        counts: &FacetCounts,
        is_selected: &dyn Fn(SearchFacet, &str) -> bool,
    ) -> Written {
        json.list(&self.by, |json, field| self.facet(json, *field, counts, is_selected))
    }

    fn facet(
        &self,
        json: &mut JsonWriter,
        by: SearchFacet,
        counts: &FacetCounts,
        is_selected: &dyn Fn(SearchFacet, &str) -> bool,
    ) -> Written {
        let counts = || counts.get(&by).into_iter().flatten();
        let missing = counts().find(|(value, _)| value.is_none()).map_or(0, |(_, count)| *count);
        let mut values: Vec<(&str, usize)> =
            counts().filter_map(|(value, count)| Some((value.as_deref()?, *count))).collect();
        values.sort_by_cached_key(|(value, count)| (Reverse(*count), sort_key(&by.label(value, &self.language))));
        json.object(&self.fields, |json, part| match part {
            FacetPart::TypeName => json.value("Facet"),
            FacetPart::By => json.value(by.name()),
            FacetPart::Total => json.value(values.len()),
            FacetPart::Missing => json.value(missing),
            FacetPart::Buckets(fields) => json.list(values.iter().take(self.first), |json, (value, count)| {
                json.object(fields, |json, field| match field {
                    BucketPart::TypeName => json.value("FacetBucket"),
                    BucketPart::Value => json.value(*value),
                    BucketPart::Label(language) => json.value(by.label(value, language)),
                    BucketPart::Record => json.raw("null"),
                    BucketPart::Count => json.value(*count),
                    BucketPart::IsSelected => json.value(is_selected(by, value)),
                })
            }),
        })
    }
}

fn language_of_labels(wanted: &[String]) -> String {
    language::of_labels(language::lookup(wanted).iter().map(String::as_str)).to_owned()
}

/// A `SearchWhere` without the filter by the language of articles, and the languages of that filter.
pub(super) fn without_language(asked: &Json) -> (Json, Vec<String>) {
    let Some((rest, filter)) = without_leaf(asked, &["article", "language"]) else { return (asked.clone(), vec![]) };
    let chosen = ["equals", "in"].into_iter().filter_map(|operator| filter.get(operator));
    let languages = chosen.flat_map(|value| match value {
        Json::Array(tags) => tags.clone(),
        one => vec![one.clone()],
    });
    (rest, languages.filter_map(|tag| tag.as_str().map(str::to_owned)).collect())
}
