//! Paths between two entities: the types of the answer, and the plan of a search.

use super::{
    ENTITY, EVENT, NODE, PARTICIPATION, RECORD, RELATION,
    compiled::{self, PlanResult, Selection, SelectionSets, records, selection_sets},
};
use crate::store::read::{
    declare::Type,
    page,
    path::{self, AnswerPlan, Part, PathField, PathLimits, PathPlan, PathSearchField, StepField},
    plan::RootPlan,
};
use async_graphql::{
    parser::types::Field as Selected,
    registry::{MetaInputValue, Registry},
};
use entity::Reference;
use serde_json::Value as Json;

/// How many unfollowed entities an answer usually has, for its cost.
const USUAL_HUBS: usize = 10;

// ---- schema

/// The type of `paths`.
pub fn paths_type(registry: &mut Registry) -> String {
    let (record, node) = (compiled::interface(registry, &RECORD), compiled::interface(registry, &NODE));
    compiled::plain_object(
        registry,
        "PathStep",
        "One link of a path.".to_owned(),
        &[
            ("from", format!("{record}!"), "The entity at which the step starts."),
            ("to", format!("{record}!"), "The entity at which the step ends."),
            (
                "via",
                format!("{node}!"),
                "What links the two: a relation, or a participation; for an event and a place where it happened, the event. Its `citations` are \
                 the evidence. If there are several, it is a relation rather than a participation, and the one with the least id.",
            ),
        ],
    );
    compiled::plain_object(
        registry,
        "Path",
        "A path from one entity to another. No entity is in it twice.".to_owned(),
        &[
            ("length", "Int!".to_owned(), "The number of steps."),
            ("steps", "[PathStep!]!".to_owned(), "The steps in order."),
        ],
    );
    "[Path!]!".to_owned()
}

/// The type of `pathSearch`.
pub fn path_search_type(registry: &mut Registry) -> String {
    let paths = paths_type(registry);
    let entity = compiled::interface(registry, &ENTITY);
    compiled::plain_object(
        registry,
        "PathSearch",
        "The paths between two entities, and whether all links were looked at.".to_owned(),
        &[
            ("paths", paths, "The paths, as in the field `paths`."),
            (
                "isComplete",
                "Boolean!".to_owned(),
                "Whether there are certainly no shorter paths and, if there are fewer than `first`, no others up to `maxLength`. False if links of \
                 `hubs` were needed for that, or if the search ended after 2,000 entities or 50,000 links.",
            ),
            (
                "hubs",
                format!("[{entity}!]!"),
                "If `isComplete` is false: the entities whose links were not followed, because they have more than 1,000 (each end: 10,000). A path \
                 through one of them is found only if it is short enough to reach it from both sides. At most 100, by id.",
            ),
        ],
    );
    "PathSearch!".to_owned()
}

/// The arguments of both.
pub fn arguments() -> Vec<MetaInputValue> {
    let argument = |name: &str, ty: &str, default: Option<&str>, doc: &str| {
        let mut meta = MetaInputValue::new(name, ty);
        meta.description = Some(doc.to_owned());
        meta.default_value = default.map(str::to_owned);
        meta
    };
    vec![
        argument("from", "ID!", None, "The id or key of the entity at which the paths start."),
        argument("to", "ID!", None, "The id or key of the entity at which they end."),
        argument("maxLength", "Int", Some("4"), "The greatest number of steps, 1 to 6."),
        argument("first", "Int", Some("3"), "The maximum number of paths, 0 to 100."),
    ]
}

// ---- plan

/// The plan of `paths`, or of `pathSearch`.
pub fn plan<'a>(
    selection: &mut Selection<'a>,
    field: &'a Selected,
    below: &SelectionSets<'a>,
    is_path_search: bool,
) -> PlanResult<PathPlan> {
    let end = |name: &str| match selection.argument(field, name) {
        Some(Json::String(text)) => Reference::from(text),
        other => Reference::from(other.unwrap_or_default().to_string()),
    };
    let ends = [end("from"), end("to")];
    if ends[0] == ends[1] {
        return Err(selection.problem("`from` and `to` are the same entity."));
    }
    let number = |name: &str, default: i64, least: usize, most: usize| {
        let given = selection.argument(field, name).and_then(|value| value.as_i64()).unwrap_or(default);
        let number = usize::try_from(given).ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| selection.problem(format!("`{name}` must be from {least} to {most}, not {given}.")))
    };
    let max_length = number("maxLength", 4, 1, path::MAX_LENGTH)?;
    let first = number("first", 3, 0, usize::try_from(page::MAX_SIZE).unwrap_or(usize::MAX))?;
    let mut planner = Planner { selection, records: first * max_length, objects: vec![] };
    let answer = if is_path_search {
        AnswerPlan::PathSearch(planner.path_search(below)?)
    } else {
        AnswerPlan::Paths(planner.paths(below)?)
    };
    let objects = planner.objects;
    Ok(PathPlan { ends, max_length, first, limits: PathLimits::DEFAULT, objects, answer })
}

struct Planner<'s, 'a> {
    selection: &'s mut Selection<'a>,
    /// How many steps the answer may have, for its cost.
    records: usize,
    objects: Vec<(Part, RootPlan)>,
}

impl<'a> Planner<'_, 'a> {
    fn path_search(&mut self, below: &SelectionSets<'a>) -> PlanResult<Vec<(String, PathSearchField)>> {
        self.fields("PathSearch", below, |planner, name, below| {
            Ok(match name {
                "paths" => PathSearchField::Paths(planner.paths(below)?),
                "isComplete" => PathSearchField::IsComplete,
                "hubs" => PathSearchField::Hubs(planner.object(Part::Hub, USUAL_HUBS, below)?),
                _ => PathSearchField::Constant("\"PathSearch\"".to_owned()),
            })
        })
    }

    fn paths(&mut self, below: &SelectionSets<'a>) -> PlanResult<Vec<(String, PathField)>> {
        self.fields("Path", below, |planner, name, below| {
            Ok(match name {
                "length" => PathField::Length,
                "steps" => PathField::Steps(planner.steps(below)?),
                _ => PathField::Constant("\"Path\"".to_owned()),
            })
        })
    }

    fn steps(&mut self, below: &SelectionSets<'a>) -> PlanResult<Vec<(String, StepField)>> {
        let records = self.records;
        self.fields("PathStep", below, |planner, name, below| {
            let part = match name {
                "from" => Part::From,
                "to" => Part::To,
                "via" => Part::Via,
                _ => return Ok(StepField::Constant("\"PathStep\"".to_owned())),
            };
            Ok(StepField::Object(planner.object(part, records, below)?))
        })
    }

    /// The selected fields of a type, each planned from its name and what is selected below it.
    fn fields<T>(
        &mut self,
        ty: &str,
        below: &SelectionSets<'a>,
        plan: impl Fn(&mut Self, &str, &SelectionSets<'a>) -> PlanResult<T>,
    ) -> PlanResult<Vec<(String, T)>> {
        let mut planned = vec![];
        for (key, nodes) in self.selection.fields_of(ty, below) {
            self.selection.path.push(key.to_owned());
            self.selection.count(nodes[0].pos)?;
            let field = plan(self, nodes[0].node.name.node.as_str(), &selection_sets(&nodes))?;
            self.selection.path.pop();
            planned.push((key.to_owned(), field));
        }
        Ok(planned)
    }

    /// Adds the plan of a record; returns its place.
    fn object(&mut self, part: Part, records_of_answer: usize, below: &SelectionSets<'a>) -> PlanResult<usize> {
        let (types, others): (_, Vec<&Type>) = match part {
            Part::Via => (vec![&*EVENT, &*RELATION], vec![&*PARTICIPATION]),
            _ => (records(&ENTITY), vec![]),
        };
        // The search puts in the ids that it has found.
        let references = vec![Reference::Key(String::new()); records_of_answer];
        let branches = self.selection.objects(&types, below)?;
        let others = self.selection.objects(&others, below)?;
        self.objects.push((part, RootPlan::Many { references, branches, others, include_deleted: false }));
        Ok(self.objects.len() - 1)
    }
}
