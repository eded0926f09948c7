//! Carrying out edits: all of them in one transaction, or none.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{Operation, RecordKind, UserErrorCode, Vocabulary},
};
use serde_json::{Map, Value};

use crate::{
    domain::{
        document::{self, Document},
        kind::of_kind,
        problem::{Path, Problem},
        write::{Author, Deed, Given, documents, signature, time_of_deletion},
    },
    store::{
        self, Transaction,
        write::{Known, Rows, known, load},
    },
};

use super::{
    Done, Edit, Failure, How, Objection,
    compose::{self, Origins},
    form,
    lead::{Leads, read_ids, references_of_parts},
};

/// Carries out edits in a transaction, all or none, and tells what became of each.
///
/// A record can be the subject of one edit of a call only.
///
/// # Errors
///
/// With all that is wrong with the edits: then nothing was written. Or with what is wrong with the database.
pub async fn run(
    transaction: &Transaction,
    edits: Vec<Edit>,
    author: Author<'_>,
    how: How,
) -> Result<Vec<Done>, Failure> {
    // What is wrong with it is told together with what is wrong with the edits.
    let ((actor, summary), objections) = match signature(author.actor, author.summary) {
        Ok(signed) => (signed, Vec::new()),
        Err(problems) => (Default::default(), problems.into_iter().map(|problem| Objection::new(0, problem)).collect()),
    };
    let author = Author { actor: &actor, summary: summary.as_deref() };
    let mut desk = Desk::new(transaction, &edits);
    desk.objections.extend(objections);
    let aims = desk.aim(&edits).await?;
    desk.prepare(edits, aims).await?;
    desk.carry_out(author, how).await
}

impl Objection {
    pub(super) fn new(edit: usize, problem: Problem) -> Self {
        Self { edit, problem, current: None, differs: None }
    }

    /// Of an undoing that would change nothing.
    pub(super) fn nothing_left(edit: usize, record: Id) -> Self {
        let message = "nothing of it is left to undo";
        let problem = Problem::new(UserErrorCode::Conflict, &Path::TOP.field("id"), message);
        Self { edit, problem, current: Some(record), differs: Some(Vec::new()) }
    }
}

/// As many problems are told at once.
pub(super) const TOLD_AT_ONCE: usize = 100;

/// All that is prepared for one call.
pub(super) struct Desk<'t> {
    pub(super) transaction: &'t Transaction,
    pub(super) temporary: HashMap<String, Id>,
    /// The survivors of what was merged away, as far as parts of lists refer to it.
    merged: HashMap<Id, Id>,
    pub(super) known: HashMap<Id, Known>,
    pub(super) rows: Rows,
    pub(super) stored: HashMap<Id, Document>,
    pub(super) given: Vec<Given>,
    /// The records that are taken up, and by which edit.
    taken: HashMap<Id, usize>,
    pub(super) objections: Vec<Objection>,
    pub(super) origins: HashMap<usize, Origins>,
    pub(super) temporary_of: HashMap<usize, String>,
    pub(super) broken: HashSet<String>,
    /// The ids of new records that their editors have made.
    pub(super) own_ids: Vec<Id>,
}

impl<'t> Desk<'t> {
    fn new(transaction: &'t Transaction, edits: &[Edit]) -> Self {
        let mut desk = Self {
            transaction,
            temporary: HashMap::new(),
            merged: HashMap::new(),
            known: HashMap::new(),
            rows: Rows::default(),
            stored: HashMap::new(),
            given: Vec::with_capacity(edits.len()),
            taken: HashMap::with_capacity(edits.len()),
            objections: Vec::new(),
            origins: HashMap::new(),
            temporary_of: HashMap::new(),
            broken: HashSet::new(),
            own_ids: Vec::new(),
        };
        for (index, edit) in edits.iter().enumerate() {
            if let Edit::Create { input, .. } = edit
                && let Some(name) = temporary_id(input)
            {
                let path = Path::TOP;
                let path = path.field("id");
                if !is_temporary_id(name) {
                    let message = "is no temporary id: _: and up to 64 letters, digits, - or _";
                    desk.object(index, UserErrorCode::Invalid, &path, message);
                } else if desk.temporary.insert(name.to_owned(), Id::new()).is_some() {
                    let message = "another new record of the call has this temporary id";
                    desk.object(index, UserErrorCode::Duplicate, &path, message);
                }
                desk.temporary_of.insert(index, name.to_owned());
            }
        }
        desk
    }

    pub(super) fn object(&mut self, edit: usize, code: UserErrorCode, path: &Path<'_>, message: impl Into<String>) {
        self.objections.push(Objection::new(edit, Problem::new(code, path, message)));
    }

    /// Takes up the rows of records, as far as they are not known yet.
    pub(super) async fn look_up(&mut self, ids: &[Id]) -> Result<(), store::Error> {
        let unknown: Vec<Id> = ids.iter().copied().filter(|id| !self.known.contains_key(id)).collect();
        if !unknown.is_empty() {
            self.known.extend(known(self.transaction, &unknown, &[]).await?.into_iter().map(|row| (row.id, row)));
        }
        Ok(())
    }

    /// Reads records, as far as they were not read yet.
    pub(super) async fn read(&mut self, ids: &[Id]) -> Result<(), store::Error> {
        self.look_up(ids).await?;
        let unread: Vec<(Id, RecordKind)> = ids
            .iter()
            .filter(|id| !self.stored.contains_key(id))
            .filter_map(|id| Some((*id, self.known.get(id)?.kind)))
            .collect();
        let rows = load(self.transaction, &unread).await?;
        self.stored.extend(documents(&rows));
        self.rows.append(rows);
        Ok(())
    }

    /// Finds out which references in parts of lists lead on to a survivor.
    pub(super) async fn lead_on(&mut self, edits: &[Edit]) -> Result<(), store::Error> {
        let mut references = Vec::new();
        for edit in edits {
            if let Edit::Update { kind, input, .. } = edit {
                references_of_parts(form::of_update(*kind), input, &mut references);
            }
        }
        references.sort_unstable();
        references.dedup();
        self.look_up(&references).await?;
        let known = references.iter().filter_map(|id| self.known.get(id));
        self.merged = known.filter_map(|row| Some((row.id, row.merged_into_id?))).collect();
        Ok(())
    }

    fn leads(&self) -> Leads<'_> {
        Leads { temporary: &self.temporary, merged: &self.merged }
    }

    pub(super) fn create(&mut self, edit: usize, kind: RecordKind, mut input: Map<String, Value>) {
        let mut problems = Vec::new();
        let own_id = match input.remove("id") {
            // One that is not among them was told when the call was read.
            Some(Value::String(text)) if text.starts_with("_:") => self.temporary.get(&text).copied(),
            Some(Value::String(text)) => {
                let own_id = text.parse().ok().filter(|id| *id != Id::NOBODY);
                if let Some(id) = own_id {
                    self.own_ids.push(id);
                } else {
                    let message = "is no id: a UUID in its hyphenated form";
                    problems.push(Problem::new(UserErrorCode::Invalid, &Path::TOP.field("id"), message));
                }
                own_id
            }
            _ => None,
        };
        let id = own_id.unwrap_or_else(Id::new);
        read_ids(form::of_create(kind), &mut input, self.leads(), &Path::TOP, &mut problems);
        let mut value = compose::create(of_kind(kind), input);
        value.insert("type".to_owned(), kind.as_str().into());
        value.insert("id".to_owned(), id.to_string().into());
        self.hand_in(edit, kind, id, value, problems, Deed::Edit(Operation::Create), None);
    }

    pub(super) fn update(&mut self, edit: usize, kind: RecordKind, id: Id, mut input: Map<String, Value>) {
        let Some(stored) = self.stored.get(&id) else { return };
        let mut problems = Vec::new();
        let form = form::of_update(kind);
        read_ids(form, &mut input, self.leads(), &Path::TOP, &mut problems);
        let mut origins = Origins::default();
        let mut value = stored.fields();
        compose::update(form, of_kind(kind), &mut value, input, &mut origins, &mut problems);
        self.origins.insert(edit, origins);
        self.hand_in(edit, kind, id, value, problems, Deed::Edit(Operation::Update), Some(id));
    }

    /// Takes a record for an edit, of which no other one of the call may be. Says whether it is free.
    fn take(&mut self, edit: usize, id: Id) -> bool {
        if *self.taken.entry(id).or_insert(edit) == edit {
            return true;
        }
        let is_told = |objection: &Objection| objection.edit == edit && objection.problem.field == ["id"];
        if !self.objections.iter().any(is_told) {
            let message = "another change of the call is of the same record";
            self.object(edit, UserErrorCode::Duplicate, &Path::TOP.field("id"), message);
        }
        false
    }

    /// Turns JSON into a document and takes it up, unless there is too much wrong with it.
    #[expect(clippy::too_many_arguments, reason = "each is another thing, and two callers name them")]
    pub(super) fn hand_in(
        &mut self,
        edit: usize,
        kind: RecordKind,
        id: Id,
        value: Map<String, Value>,
        mut problems: Vec<Problem>,
        deed: Deed,
        stored: Option<Id>,
    ) {
        let (document, found) = document::as_far_as_possible(kind, value.into());
        problems.extend(found);
        let is_free = self.take(edit, id);
        let origins = self.origins.get(&edit);
        for mut problem in problems.into_iter().take(TOLD_AT_ONCE) {
            if let Some(origins) = origins {
                origins.translate(&mut problem.field);
            }
            self.objections.push(Objection::new(edit, problem));
        }
        let Some(document) = document else {
            self.broken.insert(id.to_string());
            return;
        };
        if is_free {
            let stored = stored.and_then(|id| self.stored.get(&id)).cloned().map(Box::new);
            self.given.push(Given { line: Some(edit), document, stored, deed });
        }
    }

    pub(super) fn bin(&mut self, edit: usize, id: Id, operation: Operation) {
        if !self.take(edit, id) {
            return;
        }
        let Some(stored) = self.stored.get(&id) else { return };
        let mut document = stored.clone();
        document.header.deleted_at =
            (operation == Operation::Delete).then(|| time_of_deletion(stored.header.created_at));
        let stored = Some(Box::new(stored.clone()));
        self.given.push(Given { line: Some(edit), document, stored, deed: Deed::Edit(operation) });
    }
}

/// A record that an edit of another one changes as well.
pub(super) fn part(edit: Option<usize>, document: Document, stored: Document, deed: Deed) -> Given {
    Given { line: edit, document, stored: Some(Box::new(stored)), deed }
}

/// The temporary id of a new record, right or wrong.
fn temporary_id(input: &Map<String, Value>) -> Option<&str> {
    input.get("id").and_then(Value::as_str).filter(|name| name.starts_with("_:"))
}

/// Whether a text that begins like one is a temporary id.
fn is_temporary_id(text: &str) -> bool {
    let name = text.strip_prefix("_:").unwrap_or_default();
    (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
