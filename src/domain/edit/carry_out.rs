//! Hands everything that was prepared for a call to the write path, and tells what is wrong with it in terms of the edits.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{Operation, UserErrorCode},
};

use crate::domain::{
    problem::Told as ToldFields,
    write::{self, Authors, Deed, Intake, Told, carry_out, identify},
};

use super::{
    Done, Failure, How, Objection,
    apply::{Desk, TOLD_AT_ONCE, part},
};

impl Desk<'_> {
    pub(super) async fn carry_out(self, authors: Authors<'_>, how: How) -> Result<Vec<Done>, Failure> {
        let Self { transaction, rows, stored, mut given, mut objections, origins, temporary_of, mut broken, .. } = self;
        let merges: HashSet<usize> = given
            .iter()
            .filter(|given| given.deed == Deed::Edit(Operation::Merge))
            .filter_map(|given| given.line)
            .collect();
        broken.insert(Id::NOBODY.to_string());
        // Whatever was read has to be there again when rows are compared, or it would count as gone.
        let taken: HashSet<Id> = given.iter().filter_map(|given| given.document.header.id).collect();
        let others = stored.into_iter().filter(|(id, _)| !taken.contains(id));
        given.extend(others.map(|(_, document)| part(None, document.clone(), document, Deed::Follow)));
        let intake = Intake { given, revisions: Vec::new(), broken };
        let mut work = identify(transaction, intake).await?;
        work.tells_changes = how.tells_changes;
        let mut fields: HashMap<usize, Vec<Vec<String>>> = HashMap::new();
        for objection in &objections {
            fields.entry(objection.edit).or_default().push(objection.problem.field.clone());
        }
        let told = fields.iter().map(|(edit, fields)| (*edit, ToldFields::new(fields.iter().map(Vec::as_slice))));
        let told: HashMap<usize, ToldFields<'_>> = told.collect();
        let refused = !objections.is_empty();
        match carry_out(work, rows, refused, authors, None, &|_| {}).await {
            Ok(written) => {
                let mut temporary_of = temporary_of;
                let mut done: Vec<(usize, Done)> = written
                    .results
                    .into_iter()
                    .map(|told| {
                        let temporary = temporary_of.remove(&told.line);
                        let Told { line, id, kind, operation, version, changes } = told;
                        (line, Done { id, kind, temporary, operation, version, changes })
                    })
                    .collect();
                done.sort_by_key(|(edit, _)| *edit);
                Ok(done.into_iter().map(|(_, done)| done).collect())
            }
            Err(write::Failure::Store(error)) => Err(error.into()),
            Err(write::Failure::Refused(complaints)) => {
                let mut fresh = Vec::new();
                for complaint in complaints {
                    let mut problem = complaint.problem;
                    if merges.contains(&complaint.line) && problem.code != UserErrorCode::Conflict {
                        // Whatever record of the two it is that cannot be so: the merge is what has to be mended.
                        problem.message = format!("cannot be merged: {problem}");
                        problem.field = vec!["into".to_owned()];
                    }
                    if let Some(origins) = origins.get(&complaint.line) {
                        origins.translate(&mut problem.field);
                    }
                    // What follows from something that was told already says nothing new.
                    if fresh.len() < TOLD_AT_ONCE
                        && told.get(&complaint.line).is_none_or(|told| !told.leads_to(&problem.field))
                    {
                        fresh.push(Objection {
                            edit: complaint.line,
                            problem,
                            current: complaint.current,
                            differs: None,
                        });
                    }
                }
                let mut seen = HashSet::new();
                fresh.retain(|objection| {
                    seen.insert((objection.edit, objection.problem.field.clone(), objection.current))
                });
                objections.append(&mut fresh);
                objections.sort_by_key(|objection| objection.edit);
                Err(Failure::Refused(objections))
            }
        }
    }
}
