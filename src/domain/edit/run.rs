//! Carries out the edits of one call.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{Operation, TextField, UserErrorCode, Vocabulary},
};

use crate::{
    domain::{
        kind::Article,
        problem::{InputProblem, Path, ReportedFields},
        write::{self, Author, ChangeKind, RecordOutcome, WriteError, WriteInput, resolve, signature},
    },
    store::{self, Transaction},
};

use super::{
    Edit, EditOptions, EditOutcome, EditResult,
    compose::Origins,
    form, merge, revert,
    session::{EditSession, MAX_PROBLEMS, part},
    target::Targets,
};

/// Carries out edits in a transaction, all or none. A record can be the subject of one edit of a call only.
///
/// # Errors
///
/// All problems of the edits, with nothing written, or an error of the database.
pub async fn run(
    transaction: &Transaction,
    edits: Vec<Edit>,
    author: Author<'_>,
    options: EditOptions,
) -> Result<EditResult, WriteError> {
    let mut session = EditSession::new(transaction, &edits);
    // Problems of the signature are reported together with those of the edits.
    let (actor, summary) = signature(author.actor, author.summary).unwrap_or_else(|problems| {
        session.input_problems.extend(problems.into_iter().map(|problem| InputProblem::new(0, problem)));
        Default::default()
    });
    let targets = session.find_targets(&edits).await?;
    session.prepare(edits, targets).await?;
    session.write(Author { actor: &actor, summary: summary.as_deref() }, options).await
}

impl EditSession<'_> {
    /// Prepares all edits, each with its targets.
    async fn prepare(&mut self, edits: Vec<Edit>, targets: Vec<Targets>) -> Result<(), store::Error> {
        self.find_references(&edits).await?;
        self.find_links_to_the_bin(&edits, &targets).await?;
        let count = edits.len();
        for (index, (edit, target)) in edits.into_iter().zip(targets).enumerate() {
            match (edit, target.ids.as_slice()) {
                (Edit::Create { kind, input }, _) => self.create(index, kind, input),
                (Edit::Update { kind, version, input, .. }, [id]) => {
                    self.check_version(index, "version", *id, version).await?;
                    self.update(index, kind, *id, input);
                }
                (Edit::Delete { version, .. }, [id]) => {
                    self.check_version(index, "version", *id, version).await?;
                    self.delete_or_restore(index, *id, Operation::Delete);
                }
                (Edit::Restore { .. }, [id]) => self.delete_or_restore(index, *id, Operation::Restore),
                (Edit::Merge { from_version, into_version, .. }, [from, into]) => {
                    self.check_version(index, "fromVersion", *from, from_version).await?;
                    self.check_version(index, "intoVersion", *into, into_version).await?;
                    if count == 1 {
                        merge::merge(self, index, *from, *into).await?;
                    } else {
                        let message = "a merge must be the only change of its call";
                        self.report(index, UserErrorCode::Invalid, &Path::TOP.field("from"), message);
                    }
                }
                (Edit::Revert { revision }, _) => {
                    if let Some(id) = self.revision(index, &revision) {
                        revert::revert(self, index, id).await?;
                    }
                }
                // The target was not found, which was reported.
                _ => {}
            }
        }
        Ok(())
    }

    /// Finds the deleted records to which the lists link that these edits replace.
    async fn find_links_to_the_bin(&mut self, edits: &[Edit], targets: &[Targets]) -> Result<(), store::Error> {
        let mut linked = HashSet::new();
        for (edit, target) in edits.iter().zip(targets) {
            let Edit::Update { kind, input, .. } = edit else { continue };
            if let Some(document) = target.ids.first().and_then(|id| self.stored.get_mut(id))
                && form::of_update(*kind).replaces_a_list(input)
            {
                document.body.visit_references(&mut |reference, _, _| {
                    linked.insert(reference.id());
                });
            }
        }
        let linked: Vec<Id> = linked.into_iter().collect();
        self.read_record_rows(&linked).await?;
        let rows = linked.iter().filter_map(|id| self.record_rows.get(id));
        self.in_bin = rows.filter(|row| row.deleted_at.is_some()).map(|row| row.id.to_string()).collect();
        Ok(())
    }

    /// Checks and writes the drafts.
    async fn write(self, author: Author<'_>, options: EditOptions) -> Result<EditResult, WriteError> {
        let Self {
            transaction,
            rows,
            stored,
            mut drafts,
            input_problems,
            origins,
            mut temporary_id_of,
            mut unreadable,
            client_ids,
            ..
        } = self;
        // An id that could not be read is replaced by the nil id. It was reported already.
        unreadable.insert(Id::NIL.to_string());
        let arguments =
            drafts.iter().filter_map(|draft| Some((draft.input_index?, argument_of(draft.change)?))).collect();
        // All rows that were read have to be among those that are compared, or they would count as deleted.
        let changed: HashSet<Id> = drafts.iter().filter_map(|draft| draft.document.header.id).collect();
        let others = stored.into_iter().filter(|(id, _)| !changed.contains(id));
        drafts.extend(others.map(|(_, document)| part(None, document.clone(), document, ChangeKind::Consequence)));
        let problems = EditProblems { reported: input_problems, origins, arguments };
        let invalid_texts = drafts
            .iter()
            .filter_map(|draft| Some((draft.document.header.id?, draft.input_index?)))
            .flat_map(|(id, edit)| problems.invalid_texts(edit).map(move |text| (id, text)))
            .collect();

        let mut state = resolve(transaction, WriteInput { drafts, revisions: Vec::new(), unreadable }).await?;
        (state.with_changes, state.with_consequences) = (options.with_changes, options.with_consequences);
        (state.client_ids, state.invalid_texts) = (client_ids, invalid_texts);
        let has_problems = !problems.reported.is_empty();
        match Box::pin(write::run(state, rows, has_problems, author, &|_| {})).await {
            Ok(written) => {
                let mut outcomes = written.outcomes;
                outcomes.sort_by_key(|outcome| outcome.input_index);
                let to_outcome = |outcome| {
                    let RecordOutcome { input_index, id, kind, operation, version, changes } = outcome;
                    EditOutcome {
                        id,
                        kind,
                        temporary_id: temporary_id_of.remove(&input_index),
                        operation,
                        version,
                        changes,
                    }
                };
                let outcomes = outcomes.into_iter().map(to_outcome).collect();
                Ok(EditResult { outcomes, consequences: written.consequences })
            }
            Err(WriteError::Problems(found)) => Err(WriteError::Problems(problems.with(found))),
            Err(error) => Err(error),
        }
    }
}

/// The argument of an edit without input fields, and a word for what it does. All problems of the record are reported for this
/// argument.
const fn argument_of(change: ChangeKind) -> Option<(&'static str, &'static str)> {
    match change {
        ChangeKind::Edit(Operation::Merge) => Some(("into", "merged")),
        ChangeKind::Edit(Operation::Restore) => Some(("id", "restored")),
        ChangeKind::Edit(Operation::Revert) => Some(("id", "reverted")),
        _ => None,
    }
}

/// Expresses the problems of documents as problems of edits.
struct EditProblems {
    /// What was reported before the documents were checked.
    reported: Vec<InputProblem>,
    origins: HashMap<usize, Origins>,
    arguments: HashMap<usize, (&'static str, &'static str)>,
}

impl EditProblems {
    /// The texts of articles that have reported problems.
    fn invalid_texts(&self, edit: usize) -> impl Iterator<Item = TextField> {
        let fields = self.reported.iter().filter(move |reported| reported.index == edit);
        let fields: HashSet<&[String]> = fields.map(|reported| reported.problem.field.as_slice()).collect();
        Article::TEXTS.into_iter().filter(move |text| fields.contains([text.as_str().to_lowercase()].as_slice()))
    }

    /// Adds problems of documents, unless they follow from what was reported.
    fn with(self, found: Vec<InputProblem>) -> Vec<InputProblem> {
        let Self { reported, origins, arguments } = self;
        let mut fields: HashMap<usize, Vec<&[String]>> = HashMap::new();
        for problem in &reported {
            fields.entry(problem.index).or_default().push(&problem.problem.field);
        }
        let fields: HashMap<usize, ReportedFields<'_>> =
            fields.into_iter().map(|(edit, fields)| (edit, ReportedFields::new(fields.into_iter()))).collect();
        let mut seen = HashSet::new();
        let mut added = Vec::new();
        for mut input_problem in found {
            let edit = input_problem.index;
            let problem = &mut input_problem.problem;
            if let Some((argument, verb)) = arguments.get(&edit)
                && problem.code != UserErrorCode::Conflict
            {
                problem.message = format!("cannot be {verb}: {problem}");
                problem.field = vec![(*argument).to_owned()];
            }
            if let Some(origins) = origins.get(&edit) {
                origins.translate(&mut problem.field);
            }
            if fields.get(&edit).is_some_and(|fields| fields.explain(&problem.field)) {
                continue;
            }
            // An argument may have several problems, a field one for each record that it conflicts with.
            let message = arguments.contains_key(&edit).then(|| problem.message.clone());
            if added.len() < MAX_PROBLEMS && seen.insert((edit, problem.field.clone(), input_problem.current, message))
            {
                added.push(input_problem);
            }
        }
        let mut all = reported;
        all.append(&mut added);
        all.sort_by_key(|problem| problem.index);
        all
    }
}
