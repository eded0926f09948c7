//! The answer of a search for paths as JSON.

use super::{super::error::ReadError, AnswerPlan, PathField, PathPlan, PathSearchField, StepField};
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
        let mut answer = Answer { found: self, plan, text: String::new(), max_bytes };
        match &plan.answer {
            AnswerPlan::Paths(fields) => answer.paths(fields)?,
            AnswerPlan::PathSearch(fields) => answer.object(fields, Answer::path_search_field)?,
        }
        Ok(answer.text)
    }
}

/// An answer that is being written.
struct Answer<'a> {
    found: &'a Found,
    plan: &'a PathPlan,
    text: String,
    max_bytes: usize,
}

impl Answer<'_> {
    fn path_search_field(&mut self, field: &PathSearchField) -> Result<(), ReadError> {
        match field {
            PathSearchField::Constant(json) => self.write(json),
            PathSearchField::Paths(fields) => self.paths(fields),
            PathSearchField::IsComplete => self.write(&self.found.is_complete.to_string()),
            PathSearchField::Hubs(at) => self.list(&self.found.hubs, |answer, hub| answer.record(*at, *hub)),
        }
    }

    fn paths(&mut self, fields: &[(String, PathField)]) -> Result<(), ReadError> {
        self.list(&self.found.paths, |answer, steps| {
            answer.object(fields, |answer, field| match field {
                PathField::Constant(json) => answer.write(json),
                PathField::Length => answer.write(&steps.len().to_string()),
                PathField::Steps(fields) => answer.list(steps, |answer, step| answer.step(fields, step)),
            })
        })
    }

    fn step(&mut self, fields: &[(String, StepField)], step: &[Uuid; 3]) -> Result<(), ReadError> {
        self.object(fields, |answer, field| match field {
            StepField::Constant(json) => answer.write(json),
            StepField::Object(at) => match answer.plan.objects[*at].0.of_step(step) {
                Some(id) => answer.record(*at, id),
                None => answer.write("null"),
            },
        })
    }

    fn record(&mut self, at: usize, id: Uuid) -> Result<(), ReadError> {
        self.write(self.found.objects[at].get(&id).map_or("null", String::as_str))
    }

    /// An object. The names of its fields need no escaping in GraphQL.
    fn object<F>(
        &mut self,
        fields: &[(String, F)],
        value: impl Fn(&mut Self, &F) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        self.write("{")?;
        for (i, (key, field)) in fields.iter().enumerate() {
            self.write(if i == 0 { "\"" } else { ",\"" })?;
            self.write(key)?;
            self.write("\":")?;
            value(self, field)?;
        }
        self.write("}")
    }

    fn list<T>(
        &mut self,
        items: &[T],
        value: impl Fn(&mut Self, &T) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        self.write("[")?;
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.write(",")?;
            }
            value(self, item)?;
        }
        self.write("]")
    }

    fn write(&mut self, json: &str) -> Result<(), ReadError> {
        if self.text.len() + json.len() > self.max_bytes {
            return Err(ReadError::AnswerTooLarge);
        }
        self.text.push_str(json);
        Ok(())
    }
}
