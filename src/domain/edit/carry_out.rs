//! Hands everything that was prepared for a call to the write path, and tells what is wrong with it in terms of the edits.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{Operation, TextField, UserErrorCode, Vocabulary},
};

use crate::domain::{
    kind::Article,
    problem::Told as ToldFields,
    write::{self, Author, Deed, Intake, Told, carry_out, identify},
};

use super::{
    Done, Failure, How, Objection,
    apply::{Desk, TOLD_AT_ONCE, part},
};

/// The argument of an edit that a record is told by, and what is done with that record.
const fn whole(deed: Deed) -> Option<(&'static str, &'static str)> {
    match deed {
        Deed::Edit(Operation::Merge) => Some(("into", "merged")),
        Deed::Edit(Operation::Restore) => Some(("id", "restored")),
        Deed::Edit(Operation::Revert) => Some(("id", "undone")),
        _ => None,
    }
}

impl Desk<'_> {
    pub(super) async fn carry_out(self, author: Author<'_>, how: How) -> Result<Vec<Done>, Failure> {
        let Self {
            transaction,
            rows,
            stored,
            mut given,
            mut objections,
            origins,
            temporary_of,
            mut broken,
            own_ids,
            ..
        } = self;
        // Of these edits nothing was sent that could be mended field by field: what is wrong with a record is wrong with the edit.
        let wholes: HashMap<usize, (&str, &str)> =
            given.iter().filter_map(|given| Some((given.line?, whole(given.deed)?))).collect();
        broken.insert(Id::NOBODY.to_string());
        // Whatever was read has to be there again when rows are compared, or it would count as gone.
        let taken: HashSet<Id> = given.iter().filter_map(|given| given.document.header.id).collect();
        let others = stored.into_iter().filter(|(id, _)| !taken.contains(id));
        given.extend(others.map(|(_, document)| part(None, document.clone(), document, Deed::Follow)));
        let mut fields: HashMap<usize, Vec<Vec<String>>> = HashMap::new();
        for objection in &objections {
            fields.entry(objection.edit).or_default().push(objection.problem.field.clone());
        }
        let is_wrong = |line: usize, text: TextField| {
            let name = text.as_str().to_lowercase();
            fields.get(&line).is_some_and(|fields| fields.iter().any(|field| field == std::slice::from_ref(&name)))
        };
        let mut wrong_texts = HashSet::new();
        for (id, line) in given.iter().filter_map(|given| Some((given.document.header.id?, given.line?))) {
            wrong_texts.extend(Article::TEXTS.into_iter().filter(|text| is_wrong(line, *text)).map(|text| (id, text)));
        }
        let intake = Intake { given, revisions: Vec::new(), broken };
        let mut work = identify(transaction, intake).await?;
        work.tells_changes = how.tells_changes;
        (work.own_ids, work.wrong_texts) = (own_ids, wrong_texts);
        let told = fields.iter().map(|(edit, fields)| (*edit, ToldFields::new(fields.iter().map(Vec::as_slice))));
        let told: HashMap<usize, ToldFields<'_>> = told.collect();
        let refused = !objections.is_empty();
        match Box::pin(carry_out(work, rows, refused, author, &|_| {})).await {
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
                    if let Some((field, what)) = wholes.get(&complaint.line)
                        && problem.code != UserErrorCode::Conflict
                    {
                        problem.message = format!("cannot be {what}: {problem}");
                        problem.field = vec![(*field).to_owned()];
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
                    // Several things may be wrong with an edit as a whole.
                    let what = wholes.contains_key(&objection.edit).then(|| objection.problem.message.clone());
                    seen.insert((objection.edit, objection.problem.field.clone(), objection.current, what))
                });
                objections.append(&mut fresh);
                objections.sort_by_key(|objection| objection.edit);
                Err(Failure::Refused(objections))
            }
        }
    }
}
