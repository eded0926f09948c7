//! The state of one call: its edits, and the drafts that are made from them.

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
        problem::{InputProblem, Path, Problem},
        write::{ChangeKind, NewDraft, documents, time_of_deletion},
    },
    store::{
        self, Transaction,
        write::{RecordRow, Rows, find_records, load},
    },
};

use super::{
    Edit,
    compose::{self, Origins},
    form,
    resolve_id::{IdResolver, references_of_list_changes, resolve_ids},
};

/// How many problems of a call are reported at once.
pub(super) const MAX_PROBLEMS: usize = 100;

/// The message to an edit of a record that another edit of the call changes.
pub(super) const SAME_RECORD: &str = "another change of the call changes the same record: use one change or two calls";

/// The state of one call.
pub(super) struct EditSession<'t> {
    pub(super) transaction: &'t Transaction,
    /// The ids of new records, by their temporary ids.
    pub(super) temporary_ids: HashMap<String, Id>,
    /// The survivors of merged records that added or removed list items refer to.
    survivors: HashMap<Id, Id>,
    /// The deleted records that lists to replace link to.
    pub(super) in_bin: HashSet<String>,
    pub(super) record_rows: HashMap<Id, RecordRow>,
    pub(super) rows: Rows,
    pub(super) stored: HashMap<Id, Document>,
    pub(super) drafts: Vec<NewDraft>,
    /// The edit that claimed each record.
    claimed: HashMap<Id, usize>,
    pub(super) input_problems: Vec<InputProblem>,
    pub(super) origins: HashMap<usize, Origins>,
    pub(super) temporary_id_of: HashMap<usize, String>,
    /// Ids of new records that have too many problems to be read.
    pub(super) unreadable: HashSet<String>,
    /// The ids that clients chose for new records.
    pub(super) client_ids: Vec<Id>,
}

impl<'t> EditSession<'t> {
    pub(super) fn new(transaction: &'t Transaction, edits: &[Edit]) -> Self {
        let mut session = Self {
            transaction,
            temporary_ids: HashMap::new(),
            survivors: HashMap::new(),
            in_bin: HashSet::new(),
            record_rows: HashMap::new(),
            rows: Rows::default(),
            stored: HashMap::new(),
            drafts: Vec::with_capacity(edits.len()),
            claimed: HashMap::with_capacity(edits.len()),
            input_problems: Vec::new(),
            origins: HashMap::new(),
            temporary_id_of: HashMap::new(),
            unreadable: HashSet::new(),
            client_ids: Vec::new(),
        };
        for (index, edit) in edits.iter().enumerate() {
            if let Edit::Create { input, .. } = edit
                && let Some(name) = temporary_id(input)
            {
                let path = Path::TOP;
                let path = path.field("id");
                if !is_temporary_id(name) {
                    let message = "is not a temporary id: use _: and up to 64 letters, digits, - or _";
                    session.report(index, UserErrorCode::Invalid, &path, message);
                } else if session.temporary_ids.insert(name.to_owned(), Id::new()).is_some() {
                    let message = "another new record of the call has this temporary id: use another one";
                    session.report(index, UserErrorCode::Duplicate, &path, message);
                }
                session.temporary_id_of.insert(index, name.to_owned());
            }
        }
        session
    }

    pub(super) fn report(&mut self, edit: usize, code: UserErrorCode, path: &Path<'_>, message: impl Into<String>) {
        self.input_problems.push(InputProblem::new(edit, Problem::new(code, path, message)));
    }

    /// Reports that an edit conflicts with changes of a record since. `differs` names the changed fields.
    pub(super) fn report_conflict(
        &mut self,
        edit: usize,
        argument: &str,
        message: impl Into<String>,
        record: Id,
        differs: Vec<String>,
    ) {
        let problem = Problem::new(UserErrorCode::Conflict, &Path::TOP.field(argument), message);
        let (current, differs) = (Some(record), Some(differs));
        self.input_problems.push(InputProblem { current, differs, ..InputProblem::new(edit, problem) });
    }

    /// Reads the rows of records that were not read yet.
    pub(super) async fn read_record_rows(&mut self, ids: &[Id]) -> Result<(), store::Error> {
        let unknown: Vec<Id> = ids.iter().copied().filter(|id| !self.record_rows.contains_key(id)).collect();
        if !unknown.is_empty() {
            self.record_rows
                .extend(find_records(self.transaction, &unknown, &[]).await?.into_iter().map(|row| (row.id, row)));
        }
        Ok(())
    }

    /// Reads the records that were not read yet.
    pub(super) async fn read_documents(&mut self, ids: &[Id]) -> Result<(), store::Error> {
        self.read_record_rows(ids).await?;
        let unread: Vec<(Id, RecordKind)> = ids
            .iter()
            .filter(|id| !self.stored.contains_key(id))
            .filter_map(|id| Some((*id, self.record_rows.get(id)?.kind)))
            .collect();
        let rows = load(self.transaction, &unread).await?;
        self.stored.extend(documents(&rows));
        self.rows.append(rows);
        Ok(())
    }

    /// Finds the survivors of merged records that added or removed list items refer to.
    pub(super) async fn find_survivors(&mut self, edits: &[Edit]) -> Result<(), store::Error> {
        let mut references = Vec::new();
        for edit in edits {
            if let Edit::Update { kind, input, .. } = edit {
                references_of_list_changes(form::of_update(*kind), input, &mut references);
            }
        }
        references.sort_unstable();
        references.dedup();
        self.read_record_rows(&references).await?;
        let known = references.iter().filter_map(|id| self.record_rows.get(id));
        self.survivors = known.filter_map(|row| Some((row.id, row.merged_into_id?))).collect();
        Ok(())
    }

    fn id_resolver(&self) -> IdResolver<'_> {
        IdResolver { temporary_ids: &self.temporary_ids, survivors: &self.survivors }
    }

    pub(super) fn create(&mut self, edit: usize, kind: RecordKind, mut input: Map<String, Value>) {
        let mut problems = Vec::new();
        let client_id = match input.remove("id") {
            // A wrong one was reported when the session began.
            Some(Value::String(text)) if text.starts_with("_:") => self.temporary_ids.get(&text).copied(),
            Some(Value::String(text)) => {
                let client_id = text.parse().ok().filter(|id| *id != Id::NIL);
                if let Some(id) = client_id {
                    self.client_ids.push(id);
                } else {
                    let message = "is not an id: use a UUID with hyphens";
                    problems.push(Problem::new(UserErrorCode::Invalid, &Path::TOP.field("id"), message));
                }
                client_id
            }
            _ => None,
        };
        let id = client_id.unwrap_or_else(Id::new);
        resolve_ids(form::of_create(kind), &mut input, self.id_resolver(), &Path::TOP, &mut problems);
        let mut value = compose::create(of_kind(kind), input);
        value.insert("type".to_owned(), kind.as_str().into());
        value.insert("id".to_owned(), id.to_string().into());
        self.add_draft(edit, kind, id, value, problems, ChangeKind::Edit(Operation::Create), None);
    }

    pub(super) fn update(&mut self, edit: usize, kind: RecordKind, id: Id, mut input: Map<String, Value>) {
        let Some(stored) = self.stored.get(&id) else { return };
        let mut problems = Vec::new();
        let form = form::of_update(kind);
        resolve_ids(form, &mut input, self.id_resolver(), &Path::TOP, &mut problems);
        let mut origins = Origins::default();
        let mut value = stored.fields();
        compose::update(form, of_kind(kind), &mut value, input, &self.in_bin, &mut origins, &mut problems);
        self.origins.insert(edit, origins);
        self.add_draft(edit, kind, id, value, problems, ChangeKind::Edit(Operation::Update), Some(id));
    }

    /// Claims a record for an edit. Returns false if another edit of the call has claimed it.
    fn claim(&mut self, edit: usize, id: Id) -> bool {
        if *self.claimed.entry(id).or_insert(edit) == edit {
            return true;
        }
        let is_reported =
            |input_problem: &InputProblem| input_problem.index == edit && input_problem.problem.field == ["id"];
        if !self.input_problems.iter().any(is_reported) {
            self.report(edit, UserErrorCode::Duplicate, &Path::TOP.field("id"), SAME_RECORD);
        }
        false
    }

    /// Adds a draft of a document, unless it has too many problems to be read.
    #[expect(clippy::too_many_arguments, reason = "all are needed, and the callers name them")]
    pub(super) fn add_draft(
        &mut self,
        edit: usize,
        kind: RecordKind,
        id: Id,
        value: Map<String, Value>,
        mut problems: Vec<Problem>,
        change: ChangeKind,
        stored: Option<Id>,
    ) {
        let (document, found) = document::as_far_as_possible(kind, value.into());
        problems.extend(found);
        let is_free = self.claim(edit, id);
        let origins = self.origins.get(&edit);
        for mut problem in problems.into_iter().take(MAX_PROBLEMS) {
            if let Some(origins) = origins {
                origins.translate(&mut problem.field);
            }
            self.input_problems.push(InputProblem::new(edit, problem));
        }
        let Some(document) = document else {
            self.unreadable.insert(id.to_string());
            return;
        };
        if is_free {
            let stored = stored.and_then(|id| self.stored.get(&id)).cloned().map(Box::new);
            self.drafts.push(NewDraft { input_index: Some(edit), document, stored, change });
        }
    }

    pub(super) fn delete_or_restore(&mut self, edit: usize, id: Id, operation: Operation) {
        if !self.claim(edit, id) {
            return;
        }
        let Some(stored) = self.stored.get(&id) else { return };
        let mut document = stored.clone();
        document.header.deleted_at =
            (operation == Operation::Delete).then(|| time_of_deletion(stored.header.created_at));
        let stored = Some(Box::new(stored.clone()));
        self.drafts.push(NewDraft { input_index: Some(edit), document, stored, change: ChangeKind::Edit(operation) });
    }
}

/// A draft of a record that an edit of another one changes as well.
pub(super) fn part(edit: Option<usize>, document: Document, stored: Document, change: ChangeKind) -> NewDraft {
    NewDraft { input_index: edit, document, stored: Some(Box::new(stored)), change }
}

/// The temporary id of a new record, valid or not.
fn temporary_id(input: &Map<String, Value>) -> Option<&str> {
    input.get("id").and_then(Value::as_str).filter(|name| name.starts_with("_:"))
}

/// Whether a text that begins like a temporary id is valid.
fn is_temporary_id(text: &str) -> bool {
    let name = text.strip_prefix("_:").unwrap_or_default();
    (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
