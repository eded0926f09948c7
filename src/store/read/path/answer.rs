//! The answer of a search as JSON.

use super::{AnswerPlan, PathField, PathPlan, SearchField, StepField};
use std::collections::HashMap;
use uuid::Uuid;

/// The result of a search.
pub(super) struct Found {
    /// The steps of each path: from, to, via.
    pub(super) paths: Vec<Vec<[Uuid; 3]>>,
    pub(super) hubs: Vec<Uuid>,
    pub(super) is_complete: bool,
    /// The JSON of each record, by its place in [`PathPlan::objects`].
    pub(super) objects: Vec<HashMap<Uuid, String>>,
}

impl Found {
    /// The answer to a plan.
    pub(super) fn to_json(&self, plan: &PathPlan) -> String {
        match &plan.answer {
            AnswerPlan::Paths(fields) => self.paths(plan, fields),
            AnswerPlan::Search(fields) => object(fields.iter().map(|(key, field)| {
                let value = match field {
                    SearchField::Constant(json) => json.clone(),
                    SearchField::Paths(fields) => self.paths(plan, fields),
                    SearchField::IsComplete => self.is_complete.to_string(),
                    SearchField::Hubs(at) => list(self.hubs.iter().map(|hub| self.object(*at, *hub))),
                };
                (key, value)
            })),
        }
    }

    fn paths(&self, plan: &PathPlan, fields: &[(String, PathField)]) -> String {
        list(self.paths.iter().map(|steps| {
            object(fields.iter().map(|(key, field)| {
                let value = match field {
                    PathField::Constant(json) => json.clone(),
                    PathField::Length => steps.len().to_string(),
                    PathField::Steps(fields) => list(steps.iter().map(|step| self.step(plan, fields, step))),
                };
                (key, value)
            }))
        }))
    }

    fn step(&self, plan: &PathPlan, fields: &[(String, StepField)], step: &[Uuid; 3]) -> String {
        object(fields.iter().map(|(key, field)| {
            let value = match field {
                StepField::Constant(json) => json.clone(),
                StepField::Object(at) => {
                    plan.objects[*at].0.of_step(step).map_or_else(|| "null".to_owned(), |id| self.object(*at, id))
                }
            };
            (key, value)
        }))
    }

    fn object(&self, at: usize, id: Uuid) -> String {
        self.objects[at].get(&id).map_or_else(|| "null".to_owned(), Clone::clone)
    }
}

/// A GraphQL name needs no escaping.
fn object<'a>(fields: impl Iterator<Item = (&'a String, String)>) -> String {
    let fields: Vec<String> = fields.map(|(key, value)| format!("\"{key}\":{value}")).collect();
    format!("{{{}}}", fields.join(","))
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}
