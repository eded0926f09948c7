//! Plans the facets and the histogram of a list.

use super::{
    condition,
    operand::{FilterProblem, records, stored_forms},
    select::{FieldNodes, PlanResult, RequestProblem, Selection, SelectionSets, selection_sets},
};
use crate::{
    graphql::record::languages,
    store::read::{
        build::computed,
        declare::{Arguments, Facet, FacetMeaning, FieldDeclaration, Key, Scalar, Type},
        filter::{Predicate, Set, Test},
        histogram::HistogramRequest,
        plan::{BucketField, FacetField, FacetPlan, HistogramPlan},
    },
};
use async_graphql::{Positioned, parser::types::Field as Selected};
use chrono::NaiveDate;
use entity::vocabulary::{HistogramInterval, Vocabulary as _};
use serde_json::{Map, Value as Json, json};
use std::sync::LazyLock;

/// The number of buckets of a facet where `first` is absent, in GraphQL syntax.
pub(super) const DEFAULT_BUCKETS: &str = "10";

/// The label of a bucket. Its arguments are those of the names of records.
pub(super) static LABEL: LazyLock<FieldDeclaration> = LazyLock::new(|| {
    let doc = "The name of the record in the best language, chosen as for `name`. Else a word for the value, in the best of Arabic, English and \
        French; in English where none of them is wanted.";
    languages(computed("label", Scalar::Text, "String!", vec![], |_, _| Json::Null, doc))
});

/// The list that facets and histograms count.
pub(super) struct Counted<'l> {
    pub(super) ty: &'static Type,
    /// The type whose filters its `where` has.
    pub(super) filters: &'static Type,
    /// Its conditions besides `where`.
    pub(super) own: &'l [Predicate],
    /// All of its conditions.
    pub(super) all: &'l [Predicate],
    /// Its `where`.
    pub(super) asked: Option<&'l Json>,
    pub(super) order: &'l [Key],
}

impl<'a> Selection<'a> {
    /// The plans of the facets that `by` names.
    pub(super) fn facets(&mut self, counted: &Counted<'_>, nodes: &FieldNodes<'a>) -> PlanResult<Vec<FacetPlan>> {
        let field = nodes[0];
        let refused = |message: String, path: &[String]| RequestProblem::new(message, field.pos, path);
        let first = self.first(field, DEFAULT_BUCKETS)?;
        let by = match self.argument(&field.node, "by") {
            Some(Json::Array(names)) => names,
            one => one.into_iter().collect(),
        };
        let mut plans: Vec<FacetPlan> = vec![];
        for name in by.iter().filter_map(Json::as_str) {
            if plans.iter().any(|plan| plan.facet.name == name) {
                return Err(refused(format!("`by` has {name} twice. Name each facet once."), &self.path));
            }
            let Some(facet) = counted.ty.facets.iter().find(|facet| facet.name == name) else { continue };
            let (only, selected) =
                counted.without(facet).map_err(|problem| refused(problem.into_message(), &self.path))?;
            let mut plan = FacetPlan { facet, first, only, selected, order: vec![], fields: vec![] };
            self.facet(&mut plan, &selection_sets(nodes))?;
            plans.push(plan);
        }
        Ok(plans)
    }

    /// The selected fields of a facet, and the order of its words.
    fn facet(&mut self, plan: &mut FacetPlan, below: &SelectionSets<'a>) -> PlanResult<()> {
        let mut wanted = None;
        for (key, nodes) in self.fields_of("Facet", below) {
            self.count(nodes[0].pos)?;
            self.path.push(key.to_owned());
            let field = match nodes[0].node.name.node.as_str() {
                "by" => FacetField::Constant(json!(plan.facet.name).to_string()),
                "total" => FacetField::Total,
                "missing" => FacetField::Missing,
                "buckets" => FacetField::Buckets(self.bucket(&plan.facet.meaning, &selection_sets(&nodes))?),
                _ => FacetField::Constant("\"Facet\"".to_owned()),
            };
            self.path.pop();
            if let FacetField::Buckets(fields) = &field {
                wanted = wanted.or(fields.iter().find_map(|(_, field)| match field {
                    BucketField::Label(languages) => Some(languages.clone()),
                    _ => None,
                }));
            }
            plan.fields.push((key.to_owned(), field));
        }
        if let FacetMeaning::Words(words) = &plan.facet.meaning {
            plan.order = words.ordered(&wanted.unwrap_or_else(|| self.reader_languages()));
        }
        Ok(())
    }

    fn bucket(&mut self, meaning: &FacetMeaning, below: &SelectionSets<'a>) -> PlanResult<Vec<(String, BucketField)>> {
        let mut fields = vec![];
        for (key, nodes) in self.fields_of("FacetBucket", below) {
            self.count(nodes[0].pos)?;
            self.path.push(key.to_owned());
            let field = match (nodes[0].node.name.node.as_str(), meaning) {
                ("value", _) => BucketField::Value,
                ("label", _) => BucketField::Label(self.arguments(&LABEL, nodes[0])?),
                ("record", FacetMeaning::Words(_)) => BucketField::Constant("null".to_owned()),
                ("record", FacetMeaning::Records(types, _)) => {
                    BucketField::Record(self.objects(&types(), &selection_sets(&nodes))?)
                }
                ("count", _) => BucketField::Count,
                ("isSelected", _) => BucketField::IsSelected,
                _ => BucketField::Constant("\"FacetBucket\"".to_owned()),
            };
            self.path.pop();
            fields.push((key.to_owned(), field));
        }
        Ok(fields)
    }

    /// The plan of the histogram.
    pub(super) fn histogram(&mut self, counted: &Counted<'_>, nodes: &FieldNodes<'a>) -> PlanResult<HistogramPlan> {
        let date = counted.ty.histogram.expect("validation accepts the field only where the type has a date");
        self.count(nodes[0].pos)?;
        let interval = self.argument(&nodes[0].node, "interval");
        let interval = interval.as_ref().and_then(Json::as_str).and_then(HistogramInterval::parse);
        let (from, to) = counted.range(date.filter);
        let mut fields = vec![];
        for (key, nodes) in self.fields_of("Histogram", &selection_sets(nodes)) {
            self.count(nodes[0].pos)?;
            let below = self.fields_of("HistogramBucket", &selection_sets(&nodes));
            let below: Vec<Json> = below.into_iter().map(|(key, nodes)| json!([key, name_of(nodes[0])])).collect();
            fields.push(json!([key, name_of(nodes[0]), below]));
        }
        let request = HistogramRequest {
            interval: interval.unwrap_or(HistogramInterval::Auto),
            from,
            to,
            path: self.path.join("."),
            fields: fields.into(),
        };
        Ok(HistogramPlan { date, bytes: request.usual_bytes(), arguments: request.arguments() })
    }

    fn reader_languages(&self) -> Arguments {
        Arguments::from_iter([("languages".to_owned(), crate::text::language::lookup(self.languages).into())])
    }
}

fn name_of(field: &Positioned<Selected>) -> &str {
    field.node.name.node.as_str()
}

impl Counted<'_> {
    /// The conditions without the filter of a facet, and what that filter selects.
    fn without(&self, facet: &Facet) -> Result<(Vec<Predicate>, Vec<Test>), FilterProblem> {
        let Some((rest, leaf)) = self.asked.and_then(|asked| without_leaf(asked, facet.leaf)) else {
            return Ok((self.all.to_vec(), vec![]));
        };
        let mut only = self.own.to_vec();
        only.extend(condition::condition(self.filters, &rest, self.order)?);
        let values = |value: &Json| {
            Ok::<_, FilterProblem>(Test::In(match &facet.meaning {
                FacetMeaning::Records(..) => Set::Records(records(value, "where")?),
                FacetMeaning::Words(_) => Set::Texts(stored_forms(value, "where")?),
            }))
        };
        let selected = match &leaf {
            Json::Object(operators) => {
                let chosen = ["equals", "in"].into_iter().filter_map(|name| operators.get(name));
                chosen.filter(|value| !value.is_null()).map(values).collect::<Result<_, _>>()?
            }
            list => vec![values(list)?],
        };
        Ok((only, selected))
    }

    /// The days of the filters by date at the top of `where`.
    fn range(&self, filter: &str) -> (Option<NaiveDate>, Option<NaiveDate>) {
        let Some(asked) = self.asked.map(|asked| &asked[filter]) else { return (None, None) };
        let ranges = [asked, &asked["overlaps"], &asked["within"]];
        let days = |end: &str| {
            let days = ranges.iter().filter_map(|range| range[end].as_str()?.parse().ok());
            days.collect::<Vec<NaiveDate>>()
        };
        (days("from").into_iter().max(), days("to").into_iter().min())
    }
}

/// A `where` without the filter at this path, and that filter. An object that had nothing else goes with it: what it says by being there,
/// such as that there is a participant, is part of the choice.
pub(in crate::graphql) fn without_leaf(asked: &Json, path: &[&str]) -> Option<(Json, Json)> {
    let (name, below) = path.split_first()?;
    let found = asked.get(name).filter(|value| !value.is_null())?;
    // null is the same as absent
    let given = asked.as_object()?.iter().filter(|(_, value)| !value.is_null());
    let mut rest: Map<String, Json> = given.map(|(name, value)| (name.clone(), value.clone())).collect();
    if below.is_empty() {
        let leaf = found.clone();
        rest.remove(*name);
        return Some((rest.into(), leaf));
    }
    let (inner, leaf) = without_leaf(found, below)?;
    if inner.as_object().is_some_and(Map::is_empty) {
        rest.remove(*name);
    } else {
        rest.insert((*name).to_owned(), inner);
    }
    Some((rest.into(), leaf))
}
