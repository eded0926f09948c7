//! Which record each document is of, and what every reference leads to.

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
        write::{Known, Sought},
    },
    text::article,
};

use super::{Batch, Deed, Draft, Standing, Work, complain, complain_of};

const SAME_RECORD: &str = "another line is of the same record";

/// A document that is taken up.
pub(in crate::domain) struct Given {
    pub(in crate::domain) line: Option<usize>,
    pub(in crate::domain) document: Document,
    /// What is stored of the record, where it was read already.
    pub(in crate::domain) stored: Option<Box<Document>>,
    pub(in crate::domain) deed: Deed,
}

/// All that is taken up at once.
#[derive(Default)]
pub(in crate::domain) struct Intake {
    pub(in crate::domain) given: Vec<Given>,
    pub(in crate::domain) revisions: Vec<(usize, Revision)>,
    /// See [`Batch::broken`].
    pub(in crate::domain) broken: HashSet<String>,
}

impl From<Batch> for Intake {
    fn from(batch: Batch) -> Self {
        let mut intake = Self { broken: batch.broken, ..Self::default() };
        for (line, content) in batch.lines.into_iter().enumerate() {
            match content {
                Line::Record(document) => {
                    intake.given.push(Given {
                        line: Some(line),
                        document: *document,
                        stored: None,
                        deed: Deed::Import,
                    });
                }
                Line::Revision(revision) => intake.revisions.push((line, *revision)),
            }
        }
        intake
    }
}

/// Takes up documents. Those that cannot be of any record are reported and left out, as are those of an import that refer
/// to what is not there.
pub(in crate::domain) async fn identify(transaction: &Transaction, intake: Intake) -> Result<Work<'_>, store::Error> {
    let mut work = Work::new(transaction);
    let mut given = intake.given;
    work.revisions = intake.revisions;
    work.lines_of_records = given.iter().filter(|given| given.deed == Deed::Import).count();
    let mut names = Names::read(transaction, &mut given, &mut work).await?;
    names.broken = intake.broken;
    names.given =
        given.iter().filter_map(|given| Some((given.document.header.id?, given.document.header.key.clone()))).collect();

    let mut named = HashSet::new();
    work.drafts.reserve_exact(given.len());
    for Given { line, mut document, stored, deed } in given {
        let found = match (deed, line) {
            (Deed::Import, Some(line)) => names.identify(line, &document, &mut named, &mut work),
            _ => names.identify_edit(line, &document, deed, &mut work),
        };
        let Some(id) = found else {
            // What refers to it is not to be reported as well.
            let header = document.header;
            names.broken.extend(header.key);
            names.broken.extend(header.id.map(|id| id.to_string()));
            names.broken.extend(header.merged_ids.iter().map(Id::to_string));
            continue;
        };
        document.header.id = Some(id);
        let standing = Standing {
            kind: document.header.kind,
            is_deleted: deed != Deed::Import && document.header.deleted_at.is_some(),
            merged_into: document.header.merged_into,
        };
        work.standing.insert(id, standing);
        if let Some(key) = &document.header.key
            && names.batch.insert(key.clone(), id).is_some_and(|other| other != id)
        {
            let message = "another change of the call takes the same key";
            complain(&mut work.complaints, line, UserErrorCode::Duplicate, &Path::TOP.field("key"), message);
        }
        work.add(Draft { line, id, document, stored, deed });
    }
    // What was merged away leads to its survivor, also where both come with this very batch.
    for draft in &work.drafts {
        for merged in &draft.document.header.merged_ids {
            let kind = draft.document.header.kind;
            let away = Standing { kind, is_deleted: false, merged_into: Some(draft.id) };
            work.standing.entry(*merged).or_insert(away);
        }
    }
    names.resolve_all(&mut work);
    Ok(work)
}

/// All ids, keys and addresses of which a batch speaks.
fn sought(given: &mut [Given], revisions: &[(usize, Revision)]) -> Sought {
    let mut ids = HashSet::new();
    let mut keys = HashSet::new();
    let mut same_as = HashSet::new();
    let mut urls = HashSet::new();
    for Given { document, .. } in given.iter() {
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
        for Given { document, .. } in given.iter_mut() {
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
    Sought {
        ids: ids.into_iter().collect(),
        keys: keys.into_iter().collect(),
        same_as: same_as.into_iter().collect(),
        urls: urls.into_iter().collect(),
    }
}

#[derive(PartialEq, Eq, Hash)]
enum NameOf {
    Key(String),
    Id(Id),
}

/// What ids and keys lead to.
#[derive(Default)]
struct Names {
    stored: HashMap<String, Id>,
    batch: HashMap<String, Id>,
    /// The keys that the lines with an id give to their records.
    given: HashMap<Id, Option<String>>,
    broken: HashSet<String>,
}

impl Names {
    /// Looks up all that the batch speaks of, in one statement, or two where records were merged away.
    async fn read(transaction: &Transaction, given: &mut [Given], work: &mut Work<'_>) -> Result<Self, store::Error> {
        let found = store::write::standing(transaction, sought(given, &work.revisions)).await?;
        (work.same_as, work.urls, work.position) = (found.same_as, found.urls, found.position);
        let found = found.records;
        let survivors: Vec<Id> = found.iter().filter_map(|row| row.merged_into_id).collect();
        let survivors = store::write::known(transaction, &survivors, &[]).await?;
        let mut names = Self::default();
        for row in found.into_iter().chain(survivors) {
            if let Some(key) = &row.key {
                names.stored.insert(key.clone(), row.id);
            }
            work.standing.insert(row.id, standing(&row));
            work.known.insert(row.id, row);
        }
        Ok(names)
    }

    /// The id of the record that a document is of, a new one for a new record.
    fn identify(
        &self,
        line: usize,
        document: &Document,
        named: &mut HashSet<NameOf>,
        work: &mut Work<'_>,
    ) -> Option<Id> {
        let header = &document.header;
        let (id_path, key_path) = (Path::TOP.field("id"), Path::TOP.field("key"));
        let complaints = &mut work.complaints;
        let line = Some(line);
        let by_key = header.key.as_ref().and_then(|key| self.stored.get(key));

        if header.id == Some(Id::NOBODY) {
            complain(complaints, line, UserErrorCode::Invalid, &id_path, "is the nil UUID, which names nothing");
            return None;
        }
        let mut twice = false;
        let names = [(header.id.map(NameOf::Id), &id_path), (header.key.clone().map(NameOf::Key), &key_path)];
        for (name, path) in names {
            if name.is_some_and(|name| !named.insert(name)) {
                twice = true;
                complain(complaints, line, UserErrorCode::Duplicate, path, SAME_RECORD);
            }
        }
        if twice {
            return None;
        }

        let id = match (header.id, by_key) {
            (Some(id), Some(other)) if id != *other && !self.gives_up_key(*other, header.key.as_deref()) => {
                complain_of(
                    &mut work.complaints,
                    line,
                    *other,
                    UserErrorCode::Duplicate,
                    &key_path,
                    format!("the key is taken by the record {other}"),
                );
                return None;
            }
            (Some(id), _) => id,
            // Its line may have come with its id alone.
            (None, Some(id)) if !named.insert(NameOf::Id(*id)) => {
                complain(&mut work.complaints, line, UserErrorCode::Duplicate, &key_path, SAME_RECORD);
                return None;
            }
            (None, Some(id)) => *id,
            (None, None) => return Some(Id::new()),
        };
        let Some(known) = work.known.get(&id) else {
            return Some(id);
        };
        let path = if header.id.is_some() { id_path } else { key_path };
        let (code, message) = if let Some(survivor) = known.merged_into_id
            && header.merged_into != known.merged_into_id
        {
            (UserErrorCode::Conflict, format!("the record was merged into {survivor}"))
        } else if header.merged_into != known.merged_into_id {
            let message =
                "the line says that the record was merged away, but it was not; use mergeEntities to merge it";
            (UserErrorCode::Conflict, message.to_owned())
        } else if known.kind != header.kind {
            (UserErrorCode::WrongType, format!("the record is {}", with_article(known.kind)))
        } else if known.deleted_at.is_some() && header.deleted_at.is_none() {
            (UserErrorCode::Conflict, "the record is in the bin; it has to be restored first".to_owned())
        } else {
            return Some(id);
        };
        complain(&mut work.complaints, line, code, &path, message);
        None
    }

    /// The id of the record that an edit is of. The edit has found its record already; only a new one, or a new key, may be
    /// in the way of another.
    fn identify_edit(&self, line: Option<usize>, document: &Document, deed: Deed, work: &mut Work<'_>) -> Option<Id> {
        let header = &document.header;
        let id = header.id?;
        let by_key = header.key.as_ref().and_then(|key| self.stored.get(key));
        if let Some(other) = by_key.copied().filter(|other| *other != id)
            && !self.gives_up_key(other, header.key.as_deref())
        {
            let in_bin = work.known.get(&other).is_some_and(|known| known.deleted_at.is_some());
            let place = if in_bin { ", which is in the bin" } else { "" };
            complain_of(
                &mut work.complaints,
                line,
                other,
                UserErrorCode::Duplicate,
                &Path::TOP.field("key"),
                format!("the key is taken by the record {other}{place}"),
            );
        }
        if deed == Deed::Edit(Operation::Create) && work.known.contains_key(&id) {
            let path = Path::TOP.field("id");
            let message = "a record has this id already";
            complain_of(&mut work.complaints, line, id, UserErrorCode::Duplicate, &path, message);
            return None;
        }
        Some(id)
    }

    /// Whether the stored owner of a key is part of the batch and has another key there, or none.
    fn gives_up_key(&self, owner: Id, key: Option<&str>) -> bool {
        self.given.get(&owner).is_some_and(|given| given.as_deref() != key)
    }

    fn resolve_all(&self, work: &mut Work<'_>) {
        let mut drafts = std::mem::take(&mut work.drafts);
        drafts.retain_mut(|draft| self.resolve(draft, work) || draft.deed != Deed::Import);
        work.index = drafts.iter().enumerate().map(|(index, draft)| (draft.id, index)).collect();
        work.drafts = drafts;
        let mut revisions = std::mem::take(&mut work.revisions);
        revisions.retain_mut(|(line, revision)| {
            let path = Path::TOP.field("record");
            if let Some(id) = self.find(&revision.record, work) {
                revision.record = Reference::Id(id);
                true
            } else {
                if !self.broken.contains(&revision.record.to_string()) {
                    let message = not_found(&revision.record);
                    complain(&mut work.complaints, Some(*line), UserErrorCode::NotFound, &path, message);
                }
                false
            }
        });
        work.revisions = revisions;
    }

    /// Turns the references of a draft into ids. Says whether all of them lead somewhere.
    fn resolve(&self, draft: &mut Draft, work: &mut Work<'_>) -> bool {
        let mut whole = true;
        let line = draft.line;
        // What a record refers to already, or did before a change that is undone, or what it takes over from another one, may be
        // in the bin: the link is kept until that comes back.
        let is_kept = matches!(draft.deed, Deed::Edit(Operation::Revert | Operation::Merge) | Deed::Part(_));
        let mut linked = HashSet::new();
        // What is stored of the records of an import is not read yet: see `stored::check_links_to_the_bin`.
        let is_import = draft.deed == Deed::Import;
        if let Some(stored) = &mut draft.stored {
            stored.visit_references(&mut |reference: &mut Reference, _: &'static [RecordKind], _: &Path<'_>| {
                linked.insert(reference.id());
            });
        }
        let Work { standing, complaints, .. } = work;
        if let Some(survivor) = draft.document.header.merged_into
            && !standing.contains_key(&survivor)
        {
            whole = false;
            if !self.broken.contains(&survivor.to_string()) {
                let path = Path::TOP.field("mergedInto");
                complain(complaints, line, UserErrorCode::NotFound, &path, not_found(&Reference::Id(survivor)));
            }
        }
        draft.document.visit_references(&mut |reference: &mut Reference,
                                              kinds: &'static [RecordKind],
                                              path: &Path<'_>| {
            let found = self.lead(reference).and_then(|id| Some((id, *standing.get(&id)?)));
            let Some((mut id, mut target)) = found else {
                whole = false;
                if !self.broken.contains(&reference.to_string()) {
                    complain(complaints, line, UserErrorCode::NotFound, path, not_found(reference));
                }
                *reference = Reference::Id(Id::NOBODY);
                return;
            };
            if let Some(survivor) = target.merged_into
                && let Some(standing) = standing.get(&survivor)
            {
                (id, target) = (survivor, *standing);
            }
            if !kinds.contains(&target.kind) {
                whole = false;
                let wanted: Vec<_> = kinds.iter().copied().map(with_article).collect();
                complain(
                    complaints,
                    line,
                    UserErrorCode::WrongType,
                    path,
                    format!("{reference} is {}, not {}", with_article(target.kind), wanted.join(" or ")),
                );
            } else if target.is_deleted && !is_import && !is_kept && !linked.contains(&id) {
                whole = false;
                complain(complaints, line, UserErrorCode::NotFound, path, format!("{reference} is in the bin"));
            }
            *reference = Reference::Id(id);
        });
        whole
    }

    fn lead(&self, reference: &Reference) -> Option<Id> {
        match reference {
            Reference::Id(id) => Some(*id),
            Reference::Key(key) => self.batch.get(key).or_else(|| self.stored.get(key)).copied(),
        }
    }

    fn find(&self, reference: &Reference, work: &Work<'_>) -> Option<Id> {
        self.lead(reference).filter(|id| work.standing.contains_key(id))
    }
}

pub(super) fn standing(row: &Known) -> Standing {
    Standing { kind: row.kind, is_deleted: row.deleted_at.is_some(), merged_into: row.merged_into_id }
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
