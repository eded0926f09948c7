//! Finds the record of each document, and what every reference leads to.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{Operation, RecordKind, UserErrorCode, Vocabulary},
};

use crate::{
    domain::{
        document::{Document, Line, Revision},
        kind::Reference,
        problem::{Path, quoted},
    },
    store::{
        self, Transaction,
        write::{Lookup, RecordRow},
    },
    text::article,
};

use super::{Batch, ChangeKind, Draft, RecordState, WriteState, report, report_with_record};

const SAME_RECORD: &str = "another line is of the same record";

/// A document to write, whose record is not known yet.
pub(in crate::domain) struct NewDraft {
    pub(in crate::domain) line: Option<usize>,
    pub(in crate::domain) document: Document,
    /// What is stored of the record, where it was read already.
    pub(in crate::domain) stored: Option<Box<Document>>,
    pub(in crate::domain) change: ChangeKind,
}

/// What is written together.
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
        for (line, content) in batch.lines.into_iter().enumerate() {
            match content {
                Line::Record(document) => {
                    input.drafts.push(NewDraft {
                        line: Some(line),
                        document: *document,
                        stored: None,
                        change: ChangeKind::Import,
                    });
                }
                Line::Revision(revision) => input.revisions.push((line, *revision)),
            }
        }
        input
    }
}

/// Finds the records of documents, and resolves their references. A document without a possible record is reported and left out, and
/// so is a line of an import with an unknown reference.
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
    for NewDraft { line, mut document, stored, change } in new_drafts {
        let found = match (change, line) {
            (ChangeKind::Import, Some(line)) => index.find_or_create(line, &document, &mut named, &mut state),
            _ => index.find_edited(line, &document, change, &mut state),
        };
        let Some(id) = found else {
            // References to it are not reported as well.
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
            let message = "another edit of the call has the same key";
            report(&mut state.input_problems, line, UserErrorCode::Duplicate, &Path::TOP.field("key"), message);
        }
        state.add(Draft { line, id, document, stored, change });
    }
    // A merged record leads to its survivor, also if both come with this batch.
    for draft in &state.drafts {
        for merged in &draft.document.header.merged_ids {
            let kind = draft.document.header.kind;
            let away = RecordState { kind, is_deleted: false, merged_into: Some(draft.id) };
            state.record_states.entry(*merged).or_insert(away);
        }
    }
    index.resolve_all(&mut state);
    Ok(state)
}

/// All ids, keys and addresses in a batch.
fn lookup(new_drafts: &mut [NewDraft], revisions: &[(usize, Revision)]) -> Lookup {
    let mut ids = HashSet::new();
    let mut keys = HashSet::new();
    let mut same_as = HashSet::new();
    let mut urls = HashSet::new();
    for NewDraft { document, .. } in new_drafts.iter() {
        same_as.extend(document.body.facts().same_as.iter().cloned());
        urls.extend(document.body.facts().url.map(str::to_owned));
    }
    {
        let mut note = |reference: &Reference| match reference {
            Reference::Id(id) => {
                ids.insert(*id);
            }
            Reference::Key(key) => {
                if !keys.contains(key) {
                    keys.insert(key.clone());
                }
            }
        };
        for NewDraft { document, .. } in new_drafts.iter_mut() {
            let header = &document.header;
            header.id.iter().for_each(|id| note(&Reference::Id(*id)));
            header.merged_ids.iter().chain(&header.merged_into).for_each(|id| note(&Reference::Id(*id)));
            if let Some(key) = &header.key {
                note(&Reference::Key(key.clone()));
            }
            document.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], _: &Path<'_>| {
                note(reference);
            });
        }
        for (_, revision) in revisions {
            note(&revision.record);
        }
    }
    Lookup {
        ids: ids.into_iter().collect(),
        keys: keys.into_iter().collect(),
        same_as: same_as.into_iter().collect(),
        urls: urls.into_iter().collect(),
    }
}

#[derive(PartialEq, Eq, Hash)]
enum Identifier {
    Key(String),
    Id(Id),
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

    /// The id of the record of a line, a new one for a new record.
    fn find_or_create(
        &self,
        line: usize,
        document: &Document,
        named: &mut HashSet<Identifier>,
        state: &mut WriteState<'_>,
    ) -> Option<Id> {
        let header = &document.header;
        let (id_path, key_path) = (Path::TOP.field("id"), Path::TOP.field("key"));
        let input_problems = &mut state.input_problems;
        let line = Some(line);
        let by_key = header.key.as_ref().and_then(|key| self.stored.get(key));

        if header.id == Some(Id::NIL) {
            report(
                input_problems,
                line,
                UserErrorCode::Invalid,
                &id_path,
                "is the nil UUID, which is not the id of a record",
            );
            return None;
        }
        let mut twice = false;
        let identifiers =
            [(header.id.map(Identifier::Id), &id_path), (header.key.clone().map(Identifier::Key), &key_path)];
        for (identifier, path) in identifiers {
            if identifier.is_some_and(|identifier| !named.insert(identifier)) {
                twice = true;
                report(input_problems, line, UserErrorCode::Duplicate, path, SAME_RECORD);
            }
        }
        if twice {
            return None;
        }

        let id = match (header.id, by_key) {
            (Some(id), Some(other)) if id != *other && !self.gives_up_key(*other, header.key.as_deref()) => {
                report_with_record(
                    &mut state.input_problems,
                    line,
                    *other,
                    UserErrorCode::Duplicate,
                    &key_path,
                    format!("the key is taken by the record {other}"),
                );
                return None;
            }
            (Some(id), _) => id,
            // Another line may name the same record by its id.
            (None, Some(id)) if !named.insert(Identifier::Id(*id)) => {
                report(&mut state.input_problems, line, UserErrorCode::Duplicate, &key_path, SAME_RECORD);
                return None;
            }
            (None, Some(id)) => *id,
            (None, None) => return Some(Id::new()),
        };
        let Some(known) = state.record_rows.get(&id) else {
            return Some(id);
        };
        let path = if header.id.is_some() { id_path } else { key_path };
        let (code, message) = if let Some(survivor) = known.merged_into_id
            && header.merged_into != known.merged_into_id
        {
            (UserErrorCode::Conflict, format!("the record was merged into {survivor}"))
        } else if header.merged_into != known.merged_into_id {
            let message =
                "the record was not merged; an import cannot merge it: use mergeEntities";
            (UserErrorCode::Conflict, message.to_owned())
        } else if known.kind != header.kind {
            (UserErrorCode::WrongType, format!("the record is {}", with_article(known.kind)))
        } else if known.deleted_at.is_some() && header.deleted_at.is_none() {
            (UserErrorCode::Conflict, "the record is in the bin; it has to be restored first".to_owned())
        } else {
            return Some(id);
        };
        report(&mut state.input_problems, line, code, &path, message);
        None
    }

    /// The id of the record of an edit, which knows it already. The id of a new record, and a new key, may be taken.
    fn find_edited(
        &self,
        line: Option<usize>,
        document: &Document,
        change: ChangeKind,
        state: &mut WriteState<'_>,
    ) -> Option<Id> {
        let header = &document.header;
        let id = header.id?;
        let by_key = header.key.as_ref().and_then(|key| self.stored.get(key));
        if let Some(other) = by_key.copied().filter(|other| *other != id)
            && !self.gives_up_key(other, header.key.as_deref())
        {
            let in_bin = state.record_rows.get(&other).is_some_and(|known| known.deleted_at.is_some());
            let place = if in_bin { ", which is in the bin" } else { "" };
            report_with_record(
                &mut state.input_problems,
                line,
                other,
                UserErrorCode::Duplicate,
                &Path::TOP.field("key"),
                format!("the key is taken by the record {other}{place}"),
            );
        }
        if change == ChangeKind::Edit(Operation::Create) && state.record_rows.contains_key(&id) {
            let path = Path::TOP.field("id");
            let message = "a record has this id already";
            report_with_record(&mut state.input_problems, line, id, UserErrorCode::Duplicate, &path, message);
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
        drafts.retain_mut(|draft| self.resolve(draft, state) || draft.change != ChangeKind::Import);
        state.index = drafts.iter().enumerate().map(|(index, draft)| (draft.id, index)).collect();
        state.drafts = drafts;
        let mut revisions = std::mem::take(&mut state.revisions);
        revisions.retain_mut(|(line, revision)| {
            let path = Path::TOP.field("record");
            if let Some(id) = self.find(&revision.record, state) {
                revision.record = Reference::Id(id);
                true
            } else {
                if !self.unreadable.contains(&revision.record.to_string()) {
                    let message = not_found(&revision.record);
                    report(&mut state.input_problems, Some(*line), UserErrorCode::NotFound, &path, message);
                }
                false
            }
        });
        state.revisions = revisions;
    }

    /// Replaces the references of a draft by ids. Returns whether all of them lead to a record of the right type.
    fn resolve(&self, draft: &mut Draft, state: &mut WriteState<'_>) -> bool {
        let mut is_resolved = true;
        let line = draft.line;
        // A link to the bin may stay, come back by a revert, or go over by a merge: it is of use again when its target is restored.
        let is_kept =
            matches!(draft.change, ChangeKind::Edit(Operation::Revert | Operation::Merge) | ChangeKind::Part(_));
        let mut linked = HashSet::new();
        // The stored records of an import are not read yet: see `load::check_links_to_the_bin`.
        let is_import = draft.change == ChangeKind::Import;
        if let Some(stored) = &mut draft.stored {
            stored.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], _: &Path<'_>| {
                linked.insert(reference.id());
            });
        }
        let WriteState { record_states, input_problems, .. } = state;
        if let Some(survivor) = draft.document.header.merged_into
            && !record_states.contains_key(&survivor)
        {
            is_resolved = false;
            if !self.unreadable.contains(&survivor.to_string()) {
                let path = Path::TOP.field("mergedInto");
                report(input_problems, line, UserErrorCode::NotFound, &path, not_found(&Reference::Id(survivor)));
            }
        }
        draft.document.visit_references(&mut |reference: &mut Reference,
                                              kinds: &'static [RecordKind],
                                              path: &Path<'_>| {
            let found = self.id_of(reference).and_then(|id| Some((id, *record_states.get(&id)?)));
            let Some((mut id, mut target)) = found else {
                is_resolved = false;
                if !self.unreadable.contains(&reference.to_string()) {
                    report(input_problems, line, UserErrorCode::NotFound, path, not_found(reference));
                }
                *reference = Reference::Id(Id::NIL);
                return;
            };
            if let Some(survivor) = target.merged_into
                && let Some(record_states) = record_states.get(&survivor)
            {
                (id, target) = (survivor, *record_states);
            }
            if !kinds.contains(&target.kind) {
                is_resolved = false;
                let wanted: Vec<_> = kinds.iter().copied().map(with_article).collect();
                report(
                    input_problems,
                    line,
                    UserErrorCode::WrongType,
                    path,
                    format!("{reference} is {}, not {}", with_article(target.kind), wanted.join(" or ")),
                );
            } else if target.is_deleted && !is_import && !is_kept && !linked.contains(&id) {
                is_resolved = false;
                report(input_problems, line, UserErrorCode::NotFound, path, format!("{reference} is in the bin"));
            }
            *reference = Reference::Id(id);
        });
        is_resolved
    }

    fn id_of(&self, reference: &Reference) -> Option<Id> {
        match reference {
            Reference::Id(id) => Some(*id),
            Reference::Key(key) => self.in_batch.get(key).or_else(|| self.stored.get(key)).copied(),
        }
    }

    fn find(&self, reference: &Reference, state: &WriteState<'_>) -> Option<Id> {
        self.id_of(reference).filter(|id| state.record_states.contains_key(id))
    }
}

pub(super) fn record_state(row: &RecordRow) -> RecordState {
    RecordState { kind: row.kind, is_deleted: row.deleted_at.is_some(), merged_into: row.merged_into_id }
}

fn not_found(reference: &Reference) -> String {
    match reference {
        Reference::Id(id) => format!("no record has the id {id}"),
        Reference::Key(key) => format!("no record has the key {}", quoted(key)),
    }
}

/// `an article`, `a place`.
pub(in crate::domain) fn with_article(kind: RecordKind) -> String {
    article::with_article(&kind.as_str().to_lowercase())
}
