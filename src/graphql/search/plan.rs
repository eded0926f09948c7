//! What a request selects of a search.

use super::super::{
    RECORD,
    compiled::{PlanResult, Selection, records, selection_sets},
};
use crate::{
    store::read::{
        declare::{Key, KeyColumn, Scalar},
        page::{self, Page, PageArguments},
        plan::RootPlan,
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

/// The order of hits: the best first, equal ones by id.
const ORDER: [Key; 2] = [
    Key { column: KeyColumn::Own("score"), scalar: Scalar::Float, descending: true },
    Key { column: KeyColumn::Own("id"), scalar: Scalar::Id, descending: false },
];

/// The cost of finding and ranking hits.
pub(super) const SEARCH_COST: u64 = 50;
/// The cost of finding the matches of a hit.
pub(super) const MATCHES_COST: u64 = 5;

/// The plan of a search.
pub(in crate::graphql) struct SearchPlan {
    pub(super) query: Query,
    /// Only records of these kinds.
    pub(super) kinds: Vec<String>,
    pub(super) page: Page,
    /// The tag of the cursors: those of another query are refused.
    pub(super) tag: Json,
    /// The selected fields, by response key.
    pub(super) fields: Vec<(String, ConnectionPart)>,
    /// What is selected of the records, at each place that selects them. The records are known when the index was read.
    pub(super) records: Vec<RootPlan>,
    pub(super) has_matches: bool,
}

/// A selected field of the connection.
pub(super) enum ConnectionPart {
    TypeName,
    Edges(Vec<(String, EdgePart)>),
    /// The number of the selection of records.
    Nodes(usize),
    PageInfo(Vec<(String, String)>),
    TotalCount,
}

/// A selected field of an edge.
pub(super) enum EdgePart {
    TypeName,
    Cursor,
    Score,
    Node(usize),
    Matches(Vec<(String, MatchPart)>),
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
        let query = Query::parse(&text).map_err(|problem| selection.problem(problem.to_string()))?;
        let kinds: Vec<String> = match given("types") {
            None => RecordType::VALUES.iter().map(|(value, _)| (*value).to_owned()).collect(),
            Some(Json::Array(types)) => types.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
            Some(one) => one.as_str().map(str::to_owned).into_iter().collect(),
        };
        let list = list_name(&query, &kinds);
        let (after, before) = (given("after"), given("before"));
        let asked = PageArguments {
            first: given("first").and_then(|value| value.as_i64()),
            after: after.as_ref().and_then(Json::as_str),
            last: given("last").and_then(|value| value.as_i64()),
            before: before.as_ref().and_then(Json::as_str),
        };
        let page = Page::new(&asked, &list, &ORDER).map_err(|problem| selection.problem(problem.to_string()))?;
        let tag = page::tag(&list, &ORDER).into();
        let mut plan = Self { query, kinds, page, tag, fields: vec![], records: vec![], has_matches: false };
        plan.fields = plan.connection(selection, nodes)?;
        Ok(plan)
    }

    /// What it reads besides the index.
    pub(in crate::graphql) fn reads(&self) -> Vec<&RootPlan> {
        self.records.iter().collect()
    }

    /// The cost of finding, ranking and showing hits.
    pub(in crate::graphql) fn other_cost(&self) -> u64 {
        let matches = if self.has_matches { self.page.size.saturating_mul(MATCHES_COST) } else { 0 };
        matches.saturating_add(SEARCH_COST)
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

fn matches<'a>(selection: &Selection<'a>, nodes: &Nodes<'a>) -> Vec<(String, MatchPart)> {
    let part = |nodes: Vec<&'a Positioned<Selected>>| match nodes[0].node.name.node.as_str() {
        "field" => MatchPart::Field,
        "language" => MatchPart::Language,
        "text" => MatchPart::Text,
        "highlights" => MatchPart::Highlights(names(selection, "SearchHighlight", &nodes)),
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

/// The name of the list of hits of a query, for its cursors.
fn list_name(query: &Query, kinds: &[String]) -> String {
    let mut kinds = kinds.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    format!("Query.search {query:?} {kinds:?}")
}
