//! Finds the record of each document, and the target of every reference.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{Operation, RecordKind, UserErrorCode, Vocabulary},
};

use crate::{
    domain::{
        document::{Document, Line, Revision},
        kind::Reference,
        problem::{InputProblem, Path, quoted},
    },
    store::{
        self, Transaction,
        write::{Lookup, RecordRow},
    },
    text::article,
};

use super::{Batch, ChangeKind, Draft, RecordState, WriteState, report, report_with_record};

const SAME_RECORD: &str = "another line has the same id or key: keep one line for each record";

/// A document to write, whose record is not known yet.
pub(in crate::domain) struct NewDraft {
    pub(in crate::domain) input_index: Option<usize>,
    pub(in crate::domain) document: Document,
    /// The stored document, if it was read already.
    pub(in crate::domain) stored: Option<Box<Document>>,
    pub(in crate::domain) change: ChangeKind,
}

/// The documents and revisions of one write.
#[derive(Default)]
pub(in crate::domain) struct WriteInput {
    pub(in crate::domain) drafts: Vec<NewDraft>,
    pub(in crate::domain) revisions: Vec<(usize, Revision)>,
    /// See [`Batch::unreadable`].
    pub(in crate::domain) unreadable: HashSet<String>,
}

impl From<Batch> for WriteInput {
    fn from(batch: Batch) -> Self {
        let mut input = Self { unreadable: batch.unreadable, ..Self::default() };
        if !input.unreadable.is_empty() {
            // A placeholder for an id that could not be read.
            input.unreadable.insert(Id::NIL.to_string());
        }
        for (line, content) in batch.lines.into_iter().enumerate() {
            match content {
                Line::Record(document) => {
                    input.drafts.push(NewDraft {
                        input_index: Some(line),
                        document: *document,
                        stored: None,
                        change: ChangeKind::Import,
                    });
                }
                Line::Revision(revision) => input.revisions.push((line, *revision)),
                // Whoever reads the file checks that it is complete.
                Line::Export(_) => {}
            }
        }
        input
    }
}

/// Finds the records of documents, and resolves their references. It reports and leaves out a document without a possible record.
pub(in crate::domain) async fn resolve(
    transaction: &Transaction,
    input: WriteInput,
) -> Result<WriteState<'_>, store::Error> {
    let mut state = WriteState::new(transaction);
    let mut new_drafts = input.drafts;
    state.revisions = input.revisions;
    state.lines_of_records = new_drafts.iter().filter(|draft| draft.change == ChangeKind::Import).count();
    let mut index = RecordIndex::read(transaction, &mut new_drafts, &mut state).await?;
    index.unreadable = input.unreadable;
    let keys = new_drafts.iter().map(|draft| &draft.document.header);
    index.new_keys = keys.filter_map(|header| Some((header.id?, header.key.clone()))).collect();

    let mut named = HashSet::new();
    state.drafts.reserve_exact(new_drafts.len());
    for NewDraft { input_index, mut document, stored, change } in new_drafts {
        let found = match (change, input_index) {
            (ChangeKind::Import, Some(line)) => index.find_or_create(line, &document, &mut named, &mut state),
            _ => index.find_edited(input_index, &document, change, &mut state),
        };
        let Some(id) = found else {
            // References to this record are not reported as well.
            let header = document.header;
            index.unreadable.extend(header.key);
            index.unreadable.extend(header.id.map(|id| id.to_string()));
            index.unreadable.extend(header.merged_ids.iter().map(Id::to_string));
            continue;
        };
        document.header.id = Some(id);
        let record_state = RecordState {
            kind: document.header.kind,
            is_deleted: change != ChangeKind::Import && document.header.deleted_at.is_some(),
            merged_into: document.header.merged_into,
        };
        state.record_states.insert(id, record_state);
        if let Some(key) = &document.header.key
            && index.in_batch.insert(key.clone(), id).is_some_and(|other| other != id)
        {
            let message = "another change of the call has the same key: change one of them";
            report(&mut state.input_problems, input_index, UserErrorCode::Duplicate, &Path::TOP.field("key"), message);
        }
        state.add(Draft { input_index, id, document, stored, change });
    }
    // References to a merged record are resolved to its survivor, also if both are new.
    for draft in &state.drafts {
        for merged in &draft.document.header.merged_ids {
            let kind = draft.document.header.kind;
            let merged_state = RecordState { kind, is_deleted: false, merged_into: Some(draft.id) };
            state.record_states.entry(*merged).or_insert(merged_state);
        }
    }
    index.resolve_all(&mut state);
    Ok(state)
}

/// All ids, keys and addresses in a batch.
fn lookup(new_drafts: &mut [NewDraft], revisions: &[(usize, Revision)]) -> Lookup {
    let mut references: HashSet<Reference> = revisions.iter().map(|(_, revision)| revision.record.clone()).collect();
    let (mut same_as, mut urls) = (HashSet::new(), HashSet::new());
    for NewDraft { document, .. } in new_drafts {
        let header = &document.header;
        let ids = header.id.iter().chain(&header.merged_ids).chain(&header.merged_into);
        references.extend(ids.map(|id| Reference::Id(*id)));
        references.extend(header.key.clone().map(Reference::Key));
        let facts = document.body.facts();
        same_as.extend(facts.same_as.iter().cloned());
        urls.extend(facts.url.map(str::to_owned));
        document.body.visit_references(&mut |reference, _, _| {
            if !references.contains(reference) {
                references.insert(reference.clone());
            }
        });
    }
    let (ids, keys) = Reference::split(references);
    Lookup { ids, keys, same_as: same_as.into_iter().collect(), urls: urls.into_iter().collect() }
}

/// The records by their keys.
#[derive(Default)]
struct RecordIndex {
    stored: HashMap<String, Id>,
    in_batch: HashMap<String, Id>,
    /// The keys that the batch gives to records with a known id.
    new_keys: HashMap<Id, Option<String>>,
    /// See [`Batch::unreadable`].
    unreadable: HashSet<String>,
}

impl RecordIndex {
    /// Looks up all ids, keys and addresses in the batch.
    async fn read(
        transaction: &Transaction,
        new_drafts: &mut [NewDraft],
        state: &mut WriteState<'_>,
    ) -> Result<Self, store::Error> {
        let found = store::write::look_up(transaction, lookup(new_drafts, &state.revisions)).await?;
        (state.same_as, state.urls, state.position) = (found.same_as, found.urls, found.position);
        let found = found.records;
        let survivors: Vec<Id> = found.iter().filter_map(|row| row.merged_into_id).collect();
        let survivors = store::write::find_records(transaction, &survivors, &[]).await?;
        let mut index = Self::default();
        for row in found.into_iter().chain(survivors) {
            if let Some(key) = &row.key {
                index.stored.insert(key.clone(), row.id);
            }
            state.record_states.insert(row.id, record_state(&row));
            state.record_rows.insert(row.id, row);
        }
        Ok(index)
    }

    /// The id of the record of an imported line, a new id for a new record.
    fn find_or_create(
        &self,
        line: usize,
        document: &Document,
        named: &mut HashSet<Reference>,
        state: &mut WriteState<'_>,
    ) -> Option<Id> {
        let header = &document.header;
        let (id_path, key_path) = (Path::TOP.field("id"), Path::TOP.field("key"));
        let input_problems = &mut state.input_problems;
        let line = Some(line);
        let by_key = header.key.as_ref().and_then(|key| self.stored.get(key)).copied();

        if header.id == Some(Id::NIL) {
            let message = "is the nil UUID, which is not the id of a record";
            report(input_problems, line, UserErrorCode::Invalid, &id_path, message);
            return None;
        }
        let (id, key) = (header.id.map(Reference::Id), header.key.clone().map(Reference::Key));
        let mut is_duplicate = false;
        for (identifier, path) in [(id, &id_path), (key, &key_path)] {
            if identifier.is_some_and(|identifier| !named.insert(identifier)) {
                is_duplicate = true;
                report(input_problems, line, UserErrorCode::Duplicate, path, SAME_RECORD);
            }
        }
        if is_duplicate {
            return None;
        }

        let id = match (header.id, by_key) {
            (Some(id), Some(other)) if id != other && !self.gives_up_key(other, header.key.as_deref()) => {
                let message = format!("the key is taken by the record {other}: choose another key");
                report_with_record(input_problems, line, other, UserErrorCode::Duplicate, &key_path, message);
                return None;
            }
            // Another line may name the same record by its id.
            (None, Some(id)) if !named.insert(Reference::Id(id)) => {
                report(input_problems, line, UserErrorCode::Duplicate, &key_path, SAME_RECORD);
                return None;
            }
            (None, None) => return Some(Id::new()),
            (Some(id), _) | (None, Some(id)) => id,
        };
        let Some(known) = state.record_rows.get(&id) else { return Some(id) };
        let (code, message) = match known.merged_into_id {
            Some(survivor) if header.merged_into != Some(survivor) => (
                UserErrorCode::Conflict,
                format!("the record was merged into {survivor}: change the line of that record, or remove this line"),
            ),
            None if header.merged_into.is_some() => {
                let message = "the record was not merged; an import cannot merge it: use mergeEntities";
                (UserErrorCode::Conflict, message.to_owned())
            }
            _ if known.kind != header.kind => (
                UserErrorCode::WrongType,
                format!("the stored record is {}: use another id or key", with_article(known.kind)),
            ),
            _ if known.deleted_at.is_some() && header.deleted_at.is_none() => {
                (UserErrorCode::Conflict, "the record is in the bin; restore it first".to_owned())
            }
            _ => return Some(id),
        };
        let path = if header.id.is_some() { id_path } else { key_path };
        report(&mut state.input_problems, line, code, &path, message);
        None
    }

    /// The id of the record of an edit, which has one already. Another record may have the id or key of a new one.
    fn find_edited(
        &self,
        line: Option<usize>,
        document: &Document,
        change: ChangeKind,
        state: &mut WriteState<'_>,
    ) -> Option<Id> {
        let header = &document.header;
        let id = header.id?;
        let input_problems = &mut state.input_problems;
        let by_key = header.key.as_ref().and_then(|key| self.stored.get(key));
        if let Some(other) = by_key.copied().filter(|other| *other != id)
            && !self.gives_up_key(other, header.key.as_deref())
        {
            let is_in_bin = state.record_rows.get(&other).is_some_and(|known| known.deleted_at.is_some());
            let bin = if is_in_bin { ", which is in the bin" } else { "" };
            let (path, message) =
                (Path::TOP.field("key"), format!("the key is taken by the record {other}{bin}: choose another key"));
            report_with_record(input_problems, line, other, UserErrorCode::Duplicate, &path, message);
        }
        if change == ChangeKind::Edit(Operation::Create) && state.record_rows.contains_key(&id) {
            let (path, message) =
                (Path::TOP.field("id"), "a record has this id already: use another id, or update that record");
            report_with_record(input_problems, line, id, UserErrorCode::Duplicate, &path, message);
            return None;
        }
        Some(id)
    }

    /// Whether the batch gives the stored owner of a key another key, or none.
    fn gives_up_key(&self, owner: Id, key: Option<&str>) -> bool {
        self.new_keys.get(&owner).is_some_and(|new| new.as_deref() != key)
    }

    fn resolve_all(&self, state: &mut WriteState<'_>) {
        let mut drafts = std::mem::take(&mut state.drafts);
        for draft in &mut drafts {
            self.resolve(draft, state);
        }
        state.draft_by_id = drafts.iter().enumerate().map(|(index, draft)| (draft.id, index)).collect();
        state.drafts = drafts;
        let mut revisions = std::mem::take(&mut state.revisions);
        revisions.retain_mut(|(line, revision)| {
            let path = Path::TOP.field("record");
            let found = self.id_of(&revision.record).filter(|id| state.record_states.contains_key(id));
            if let Some(id) = found {
                revision.record = Reference::Id(id);
            } else {
                self.report_not_found(&revision.record, &mut state.input_problems, Some(*line), &path);
            }
            found.is_some()
        });
        state.revisions = revisions;
    }

    /// Replaces the references of a draft by ids. Reports those that do not lead to a record of the right type, and replaces unknown ones by
    /// the nil id, so that the rest of the draft can be checked.
    fn resolve(&self, draft: &mut Draft, state: &mut WriteState<'_>) {
        let line = draft.input_index;
        // A revert or a merge keeps links to records in the bin, which are restored with their targets. Those of an import are checked
        // when its stored records are read, see `load::check_links_to_the_bin`.
        let may_link_to_bin = match draft.change {
            ChangeKind::Import | ChangeKind::Part(_) => true,
            ChangeKind::Edit(operation) => matches!(operation, Operation::Revert | Operation::Merge),
            ChangeKind::Consequence => false,
        };
        let linked = draft.stored.as_mut().map(|stored| linked_records(stored)).unwrap_or_default();
        let WriteState { record_states, input_problems, .. } = state;
        if let Some(survivor) = draft.document.header.merged_into
            && !record_states.contains_key(&survivor)
        {
            self.report_not_found(&Reference::Id(survivor), input_problems, line, &Path::TOP.field("mergedInto"));
        }
        draft.document.body.visit_references(&mut |reference, kinds, path| {
            let found = self.id_of(reference).and_then(|id| Some((id, *record_states.get(&id)?)));
            let Some((mut id, mut target)) = found else {
                self.report_not_found(reference, input_problems, line, path);
                *reference = Reference::Id(Id::NIL);
                return;
            };
            if let Some(survivor) = target.merged_into
                && let Some(survivor_state) = record_states.get(&survivor)
            {
                (id, target) = (survivor, *survivor_state);
            }
            if !kinds.contains(&target.kind) {
                let wanted: Vec<_> = kinds.iter().copied().map(with_article).collect();
                let message = format!("{reference} is {}, not {}", with_article(target.kind), wanted.join(" or "));
                report(input_problems, line, UserErrorCode::WrongType, path, message);
            } else if target.is_deleted && !may_link_to_bin && !linked.contains(&id) {
                report(
                    input_problems,
                    line,
                    UserErrorCode::NotFound,
                    path,
                    format!("{reference} is in the bin: restore it first, or refer to another record"),
                );
            }
            *reference = Reference::Id(id);
        });
    }

    fn id_of(&self, reference: &Reference) -> Option<Id> {
        match reference {
            Reference::Id(id) => Some(*id),
            Reference::Key(key) => self.in_batch.get(key).or_else(|| self.stored.get(key)).copied(),
        }
    }

    /// Reports a reference to no record, unless the line of that record is reported.
    fn report_not_found(
        &self,
        reference: &Reference,
        input_problems: &mut Vec<InputProblem>,
        line: Option<usize>,
        path: &Path<'_>,
    ) {
        if !self.unreadable.contains(&reference.to_string()) {
            let message = match reference {
                Reference::Id(id) => format!("no record has the id {id}: check it, or create the record first"),
                Reference::Key(key) => {
                    format!("no record has the key {}: check it, or create the record first", quoted(key))
                }
            };
            report(input_problems, line, UserErrorCode::NotFound, path, message);
        }
    }
}

/// All records that a document with resolved references links to.
pub(super) fn linked_records(document: &mut Document) -> HashSet<Id> {
    let mut linked = HashSet::new();
    document.body.visit_references(&mut |reference, _, _| {
        linked.insert(reference.id());
    });
    linked
}

pub(super) fn record_state(row: &RecordRow) -> RecordState {
    RecordState { kind: row.kind, is_deleted: row.deleted_at.is_some(), merged_into: row.merged_into_id }
}

/// `an article`, `a place`.
pub(in crate::domain) fn with_article(kind: RecordKind) -> String {
    article::with_article(&kind.as_str().to_lowercase())
}
