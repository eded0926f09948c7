//! The answer of a search for paths as JSON.

use super::{
    super::{
        error::ReadError,
        json::{JsonWriter, Written},
    },
    AnswerPlan, PathField, PathPlan, PathSearchField, StepField,
};
use std::collections::HashMap;
use uuid::Uuid;

/// The result of a search for paths.
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
    ///
    /// # Errors
    /// Where it has more than `max_bytes`: a record is in the answer once for each step that leads to it.
    pub(super) fn to_json(&self, plan: &PathPlan, max_bytes: usize) -> Result<String, ReadError> {
        let mut json = JsonWriter::new(max_bytes);
        match &plan.answer {
            AnswerPlan::Paths(fields) => self.paths(&mut json, plan, fields)?,
            AnswerPlan::PathSearch(fields) => json.object(fields, |json, field| match field {
                PathSearchField::Constant(text) => json.raw(text),
                PathSearchField::Paths(fields) => self.paths(json, plan, fields),
                PathSearchField::IsComplete => json.value(self.is_complete),
                PathSearchField::Hubs(at) => json.list(&self.hubs, |json, hub| json.raw(self.record(*at, *hub))),
            })?,
        }
        Ok(json.finish())
    }

    fn paths(&self, json: &mut JsonWriter, plan: &PathPlan, fields: &[(String, PathField)]) -> Written {
        json.list(&self.paths, |json, steps| {
            json.object(fields, |json, field| match field {
                PathField::Constant(text) => json.raw(text),
                PathField::Length => json.value(steps.len()),
                PathField::Steps(fields) => json.list(steps, |json, step| self.step(json, plan, fields, step)),
            })
        })
    }

    fn step(
        &self,
        json: &mut JsonWriter,
        plan: &PathPlan,
        fields: &[(String, StepField)],
        step: &[Uuid; 3],
    ) -> Written {
        json.object(fields, |json, field| match field {
            StepField::Constant(text) => json.raw(text),
            StepField::Object(at) => {
                json.raw(plan.objects[*at].0.of_step(step).map_or("null", |id| self.record(*at, id)))
            }
        })
    }

    fn record(&self, at: usize, id: Uuid) -> &str {
        self.objects[at].get(&id).map_or("null", String::as_str)
    }
}
