//! The plan of a search: its arguments, and what is selected of its hits.

use super::{
    super::{
        RECORD,
        compiled::{PlanResult, Selection, records, selection_sets},
    },
    declare::SEARCH_WHERE,
    facet::{FacetsPlan, SearchFacet, without_language},
    suggestion,
};
use crate::{
    store::read::{
        cost::Cost,
        declare::{Key, KeyColumn, Scalar},
        filter::Predicate,
        page::{self, Page, PageArguments},
        plan::RootPlan,
        record_search::cost_of_query,
    },
    text::analysis::query::Query,
};
use async_graphql::{Positioned, parser::types::Field as Selected};
use entity::{
    Id, Reference,
    vocabulary::{RecordType, Vocabulary as _},
};
use serde_json::Value as Json;
use uuid::Uuid;

/// The order of hits: the best first, equal ones in the order in which they came into the index.
const ORDER: [Key; 2] = [
    Key { column: KeyColumn::Own("score"), scalar: Scalar::Float, descending: true },
    Key { column: KeyColumn::Own("number"), scalar: Scalar::Int, descending: false },
];

/// The work of finding the matches of a hit, besides reading its texts.
const MATCHES_WORK: u64 = 10;
/// The usual bytes of the texts of a hit.
const TEXT_BYTES: u64 = 7 * 1024;
/// How many matches a hit usually has.
const USUAL_MATCHES: u64 = 2;
/// How many highlights a match usually has.
const USUAL_HIGHLIGHTS: u64 = 3;
/// The usual bytes of the text of a match.
const PASSAGE_BYTES: u64 = 300;
/// The usual bytes of a short value with its key.
const SHORT_BYTES: u64 = 32;
/// The usual bytes of a cursor.
const CURSOR_BYTES: u64 = 100;
/// The work of finding other spellings of a word.
const SPELLING_WORK: u64 = 50;

/// The plan of a search.
pub(in crate::graphql) struct SearchPlan {
    /// As it was given.
    pub(super) text: String,
    pub(super) query: Query,
    /// The numbers of the types that are wanted.
    pub(super) types: Vec<u8>,
    /// Whether the types were given.
    pub(super) has_types: bool,
    /// What hits must also satisfy: conditions on rows of `search_document`.
    pub(super) only: Vec<Predicate>,
    /// The same without the filter by the language of articles, for the facet of languages.
    pub(super) only_without_language: Vec<Predicate>,
    /// The languages that are filtered by.
    pub(super) languages: Vec<String>,
    pub(super) page: Page,
    /// The tag of the cursors: those of another query are refused.
    pub(super) tag: Json,
    /// The selected fields, by response key.
    pub(super) fields: Vec<(String, ConnectionPart)>,
    /// What is selected of the records, at each place that selects them. The records are known when the index was read.
    pub(super) records: Vec<RootPlan>,
    pub(super) has_matches: bool,
    pub(super) has_suggestion: bool,
}

/// A selected field of the connection.
pub(super) enum ConnectionPart {
    TypeName,
    Edges(Vec<(String, EdgePart)>),
    /// The number of the selection of records.
    Nodes(usize),
    PageInfo(Vec<(String, String)>),
    TotalCount,
    Suggestion,
    Facets(FacetsPlan),
}

/// A selected field of an edge.
pub(super) enum EdgePart {
    TypeName,
    Cursor,
    Score,
    Node(usize),
    Matches(Vec<(String, MatchPart)>),
}

impl EdgePart {
    /// The usual bytes of the field with its key. Those of a record are counted by its plan.
    fn bytes(&self) -> u64 {
        let of_match = |part: &MatchPart| match part {
            MatchPart::Text => PASSAGE_BYTES,
            MatchPart::Highlights(fields) => USUAL_HIGHLIGHTS * SHORT_BYTES * (fields.len() as u64),
            MatchPart::TypeName | MatchPart::Field | MatchPart::Language => SHORT_BYTES,
        };
        match self {
            Self::Matches(fields) => {
                let one = fields.iter().map(|(_, part)| of_match(part)).fold(SHORT_BYTES, u64::saturating_add);
                USUAL_MATCHES * one
            }
            Self::Cursor => CURSOR_BYTES,
            Self::TypeName | Self::Score | Self::Node(_) => SHORT_BYTES,
        }
    }
}

/// A selected field of a match.
pub(super) enum MatchPart {
    TypeName,
    Field,
    Language,
    Text,
    Highlights(Vec<(String, String)>),
}

type Nodes<'a> = [&'a Positioned<Selected>];

/// The occurrences of the field, if this is the first one. The first answers for all.
pub(super) fn occurrences<'a>(selection: &Selection<'a>) -> Option<Vec<&'a Positioned<Selected>>> {
    selection.occurrences("Query")?;
    Some(selection.root_fields("Query"))
}

impl SearchPlan {
    pub(super) fn new<'a>(selection: &mut Selection<'a>, nodes: &Nodes<'a>) -> PlanResult<Self> {
        let field = &nodes[0].node;
        let given = |name: &str| selection.argument(field, name).filter(|value| !value.is_null());
        let text = given("query").and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
        let query = Query::parse(&text).map_err(|problem| selection.problem(problem.message("query")))?;
        let asked_types = given("types");
        let types = match &asked_types {
            None => (0..).take(RecordType::ALL.len()).collect(),
            Some(Json::Array(types)) => types.iter().filter_map(number_of_type).collect(),
            Some(one) => number_of_type(one).into_iter().collect(),
        };
        let asked_where = given("where").unwrap_or_default();
        let list = format!("Query.search {query:?} {types:?} {asked_where}");
        let (after, before) = (given("after"), given("before"));
        let asked = PageArguments {
            first: given("first").and_then(|value| value.as_i64()),
            after: after.as_ref().and_then(Json::as_str),
            last: given("last").and_then(|value| value.as_i64()),
            before: before.as_ref().and_then(Json::as_str),
        };
        let page = Page::new(&asked, &list, &ORDER).map_err(|problem| selection.problem(problem.to_string()))?;
        let tag = page::tag(&list, &ORDER).into();
        let (without_language, languages) = without_language(&asked_where);
        let conditions = |asked: &Json| -> PlanResult<Vec<Predicate>> {
            let condition = selection.condition((&SEARCH_WHERE, asked), &[], nodes[0].pos)?;
            Ok(condition.into_iter().collect())
        };
        let mut plan = Self {
            text,
            query,
            types,
            has_types: asked_types.is_some(),
            only: conditions(&asked_where)?,
            only_without_language: conditions(&without_language)?,
            languages,
            page,
            tag,
            fields: vec![],
            records: vec![],
            has_matches: false,
            has_suggestion: false,
        };
        plan.fields = plan.connection(selection, nodes)?;
        Ok(plan)
    }

    /// The name of the type with this number.
    pub(super) fn name_of_type(number: u8) -> String {
        RecordType::ALL.get(usize::from(number)).map_or("", |ty| ty.as_str()).to_owned()
    }

    /// Whether the arguments ask for this value of a facet.
    pub(super) fn is_selected(&self, field: SearchFacet, value: &str) -> bool {
        match field {
            SearchFacet::Type => self.has_types && self.types.iter().any(|number| Self::name_of_type(*number) == value),
            SearchFacet::Language => self.languages.iter().any(|tag| tag == value),
        }
    }

    /// What it reads besides the index.
    pub(in crate::graphql) fn reads(&self) -> Vec<&RootPlan> {
        self.records.iter().collect()
    }

    /// The cost of finding, ranking and showing hits. The texts of a hit are read once, its matches are written at each place that
    /// selects them.
    pub(in crate::graphql) fn other_cost(&self) -> Cost {
        let of_facet: &[Predicate] =
            if self.has_facet(SearchFacet::Language) { &self.only_without_language } else { &[] };
        let conditions =
            self.only.iter().chain(of_facet).map(|only| only.cost().saturating_add(only.cost_of_searches()));
        let words = u64::try_from(self.query.words.len().min(suggestion::MAX_WORDS)).unwrap_or(u64::MAX);
        let spellings = if self.has_suggestion { words * SPELLING_WORK } else { 0 };
        let work = conditions.fold(cost_of_query(&self.query).saturating_add(spellings), u64::saturating_add);
        let edges = self.fields.iter().filter_map(|(_, part)| match part {
            ConnectionPart::Edges(fields) => Some(fields),
            _ => None,
        });
        let shown = edges.flatten().map(|(_, part)| part.bytes()).fold(0, u64::saturating_add);
        let texts = if self.has_matches {
            Cost::of_work(MATCHES_WORK).plus(Cost::of_bytes(TEXT_BYTES))
        } else {
            Cost::default()
        };
        texts.plus(Cost::of_bytes(shown)).times(self.page.size).plus(Cost::of_work(work))
    }

    /// Whether hits are counted by this.
    pub(super) fn has_facet(&self, wanted: SearchFacet) -> bool {
        let is_it =
            |part: &ConnectionPart| matches!(part, ConnectionPart::Facets(facets) if facets.by.contains(&wanted));
        self.fields.iter().any(|(_, part)| is_it(part))
    }

    fn connection<'a>(
        &mut self,
        selection: &mut Selection<'a>,
        nodes: &Nodes<'a>,
    ) -> PlanResult<Vec<(String, ConnectionPart)>> {
        let mut parts = vec![];
        for (key, nodes) in selection.fields_of("SearchConnection", &selection_sets(nodes)) {
            selection.path.push(key.to_owned());
            let part = match nodes[0].node.name.node.as_str() {
                "edges" => ConnectionPart::Edges(self.edges(selection, &nodes)?),
                "nodes" => ConnectionPart::Nodes(self.records(selection, &nodes)?),
                "pageInfo" => ConnectionPart::PageInfo(names(selection, "PageInfo", &nodes)),
                "totalCount" => ConnectionPart::TotalCount,
                "didYouMean" => {
                    self.has_suggestion = true;
                    ConnectionPart::Suggestion
                }
                "facets" => ConnectionPart::Facets(FacetsPlan::new(selection, &nodes)?),
                _ => ConnectionPart::TypeName,
            };
            selection.path.pop();
            parts.push((key.to_owned(), part));
        }
        Ok(parts)
    }

    fn edges<'a>(&mut self, selection: &mut Selection<'a>, nodes: &Nodes<'a>) -> PlanResult<Vec<(String, EdgePart)>> {
        let mut parts = vec![];
        for (key, nodes) in selection.fields_of("SearchEdge", &selection_sets(nodes)) {
            selection.path.push(key.to_owned());
            let part = match nodes[0].node.name.node.as_str() {
                "cursor" => EdgePart::Cursor,
                "score" => EdgePart::Score,
                "node" => EdgePart::Node(self.records(selection, &nodes)?),
                "matches" => {
                    self.has_matches = true;
                    EdgePart::Matches(matches(selection, &nodes))
                }
                _ => EdgePart::TypeName,
            };
            selection.path.pop();
            parts.push((key.to_owned(), part));
        }
        Ok(parts)
    }

    fn records<'a>(&mut self, selection: &mut Selection<'a>, nodes: &Nodes<'a>) -> PlanResult<usize> {
        let branches = selection.objects(&records(&RECORD), &selection_sets(nodes))?;
        let size = usize::try_from(self.page.size).unwrap_or_default();
        let references = vec![Reference::Id(Id(Uuid::nil())); size];
        self.records.push(RootPlan::Many { references, branches, others: vec![], include_deleted: false });
        Ok(self.records.len() - 1)
    }
}

fn number_of_type(name: &Json) -> Option<u8> {
    let number = RecordType::ALL.iter().position(|ty| Some(ty.as_str()) == name.as_str())?;
    u8::try_from(number).ok()
}

fn matches<'a>(selection: &Selection<'a>, nodes: &Nodes<'a>) -> Vec<(String, MatchPart)> {
    let part = |nodes: Vec<&'a Positioned<Selected>>| match nodes[0].node.name.node.as_str() {
        "field" => MatchPart::Field,
        "language" => MatchPart::Language,
        "text" => MatchPart::Text,
        "highlights" => MatchPart::Highlights(names(selection, "Highlight", &nodes)),
        _ => MatchPart::TypeName,
    };
    let fields = selection.fields_of("SearchMatch", &selection_sets(nodes));
    fields.into_iter().map(|(key, nodes)| (key.to_owned(), part(nodes))).collect()
}

/// The selected fields of an object that has no objects in it: response keys and names.
fn names<'a>(selection: &Selection<'a>, ty: &str, nodes: &Nodes<'a>) -> Vec<(String, String)> {
    let fields = selection.fields_of(ty, &selection_sets(nodes)).into_iter();
    fields.map(|(key, nodes)| (key.to_owned(), nodes[0].node.name.node.to_string())).collect()
}
