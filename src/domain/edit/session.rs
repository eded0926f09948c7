//! The state of one call: its edits, and the drafts that are made from them.

use std::collections::{BTreeSet, HashMap, HashSet};

use entity::{
    Id, Reference, is_temporary_id,
    vocabulary::{Operation, RecordKind, UserErrorCode, Vocabulary},
};
use serde_json::{Map, Value};

use crate::{
    domain::{
        document::{self, Document},
        kind::of_kind,
        problem::{InputProblem, Path, Problem},
        rule,
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
    /// The id of the new record of each edit that creates one.
    new_ids: HashMap<usize, Id>,
    /// The ids of new records, by their temporary ids.
    pub(super) temporary_ids: HashMap<String, Id>,
    /// The ids of records by the keys that the edits give them.
    pub(super) new_keys: HashMap<String, Id>,
    /// The ids of records by their keys: those that were looked up, and those of `new_keys`.
    keys: HashMap<String, Id>,
    /// The survivors of merged records that were looked up.
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
            new_ids: HashMap::new(),
            temporary_ids: HashMap::new(),
            new_keys: HashMap::new(),
            keys: HashMap::new(),
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
            if let Edit::Create { input, .. } = edit {
                session.give_id(index, input);
            }
        }
        session
    }

    /// Gives a new record its id, by which the other edits of the call may refer to it, whatever their order.
    fn give_id(&mut self, edit: usize, input: &Map<String, Value>) {
        let path = Path::TOP.field("id");
        let given = input.get("id").and_then(Value::as_str).filter(|text| !rule::is_blank(text));
        let client_id = given.filter(|text| !is_temporary_id(text)).map(|text| match Reference::from(text) {
            Reference::Id(id) if id != Id::NIL => Some(id),
            _ => None,
        });
        if client_id == Some(None) {
            self.report(edit, UserErrorCode::Invalid, &path, "is not an id: use a UUID with hyphens");
        }
        self.client_ids.extend(client_id.flatten());
        let id = client_id.flatten().unwrap_or_else(Id::new);
        self.new_ids.insert(edit, id);
        if let Some(name) = given.filter(|text| is_temporary_id(text)) {
            if !is_valid(name) {
                let message = "is not a temporary id: use _: and up to 64 letters, digits, - or _";
                self.report(edit, UserErrorCode::Invalid, &path, message);
            } else if self.temporary_ids.insert(name.to_owned(), id).is_some() {
                let message = "another new record of the call has this temporary id: use another one";
                self.report(edit, UserErrorCode::Duplicate, &path, message);
            }
            self.temporary_id_of.insert(edit, name.to_owned());
        }
        self.give_key(id, input);
    }

    /// Notes the key that an edit gives its record. If two records get the same key, that is reported later.
    pub(super) fn give_key(&mut self, id: Id, input: &Map<String, Value>) {
        if let Some(key) = input.get("key").and_then(Value::as_str) {
            self.new_keys.entry(key.to_owned()).or_insert(id);
        }
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
        self.look_up(ids.iter().copied().map(Reference::Id)).await
    }

    /// The same for references.
    pub(super) async fn look_up(&mut self, references: impl Iterator<Item = Reference>) -> Result<(), store::Error> {
        let is_unknown = |reference: &Reference| match reference {
            Reference::Id(id) => !self.record_rows.contains_key(id),
            // No other key can be stored.
            Reference::Key(key) => !self.keys.contains_key(key) && rule::key(key).is_ok(),
        };
        let (ids, keys) = Reference::split(references.filter(is_unknown).collect::<BTreeSet<_>>());
        if !(ids.is_empty() && keys.is_empty()) {
            for row in find_records(self.transaction, &ids, &keys).await? {
                self.keys.extend(row.key.clone().map(|key| (key, row.id)));
                self.record_rows.insert(row.id, row);
            }
        }
        Ok(())
    }

    /// The stored record that a reference names. It must have been looked up.
    pub(super) fn stored_id(&self, reference: &Reference) -> Option<Id> {
        match reference {
            Reference::Id(id) => Some(*id),
            Reference::Key(key) => self.keys.get(key).copied(),
        }
        .filter(|id| self.record_rows.contains_key(id))
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

    /// Finds the records that added or removed list items refer to, and the survivors of merged ones.
    pub(super) async fn find_references(&mut self, edits: &[Edit]) -> Result<(), store::Error> {
        let mut references = Vec::new();
        for edit in edits {
            if let Edit::Update { kind, input, .. } = edit {
                references_of_list_changes(form::of_update(*kind), input, &mut references);
            }
        }
        self.look_up(references.into_iter()).await?;
        self.survivors = self.record_rows.values().filter_map(|row| Some((row.id, row.merged_into_id?))).collect();
        // A key that the call gives to another record means that record, as in an import.
        self.keys.extend(self.new_keys.clone());
        Ok(())
    }

    fn id_resolver(&self) -> IdResolver<'_> {
        IdResolver { temporary_ids: &self.temporary_ids, keys: &self.keys, survivors: &self.survivors }
    }

    pub(super) fn create(&mut self, edit: usize, kind: RecordKind, mut input: Map<String, Value>) {
        let mut problems = Vec::new();
        input.remove("id");
        let Some(id) = self.new_ids.get(&edit).copied() else { return };
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
        let key = value.get("key").and_then(Value::as_str).map(str::to_owned);
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
            self.unreadable.extend(key);
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
        document.header.deleted_at = (operation == Operation::Delete).then(|| time_of_deletion(&stored.header));
        let stored = Some(Box::new(stored.clone()));
        self.drafts.push(NewDraft { input_index: Some(edit), document, stored, change: ChangeKind::Edit(operation) });
    }
}

/// A draft of a record that an edit of another one changes as well.
pub(super) fn part(edit: Option<usize>, document: Document, stored: Document, change: ChangeKind) -> NewDraft {
    NewDraft { input_index: edit, document, stored: Some(Box::new(stored)), change }
}

/// Whether a temporary id has a valid name.
fn is_valid(text: &str) -> bool {
    let name = text.strip_prefix("_:").unwrap_or_default();
    (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
