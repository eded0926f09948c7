//! Where something stood once, as the history tells. What stood around it there tells it from the same words elsewhere.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use entity::{
    Id, revision,
    vocabulary::{AnchorState, TextField, Vocabulary},
};
use serde_json::Value;

use crate::{
    domain::write::read_snapshot,
    store::{
        self, Transaction,
        write::{Step, revision_at, revisions_by_id, steps_of},
    },
    text::{Passages, Spans, Text},
};

use super::rewritten::Rewritten;

/// So many versions of a record are looked back.
const BACK: usize = 32;
/// So many revisions are looked through in one write for where things were lost, and no more than tell of so many bytes. What is not
/// found in them counts as lost since ever.
const LOOKED_THROUGH: usize = 1_024;
const BYTES: usize = 1 << 26;
/// So many revisions of articles are read at once for the texts in which things stood: all of them, as far as the effort suffices.
const AT_ONCE: usize = 16;

pub(super) type Span = (usize, usize);

/// A mention or a citation that has lost its place, or comes back from a version of its owner. (Of one that stays: see [`Sought`].)
#[derive(Clone)]
pub(super) struct Lost {
    pub(super) item: Id,
    /// The record that it belongs to.
    pub(super) owner: Id,
    /// The version before which it is known to have been there.
    pub(super) version: i32,
    pub(super) article: Id,
    pub(super) field: TextField,
    pub(super) words: String,
    /// Where it stood just before that version; nothing where it had lost its place by then.
    pub(super) stood: Option<Span>,
}

/// What may have to be known of the past to find things in the texts as they will be.
#[derive(Default)]
pub(super) struct Sought {
    /// What has lost its place, or comes back.
    pub(super) lost: Vec<Lost>,
    /// What stands there while a change of its text is undone: `version` is that of the article which is undone, and `stood` where it
    /// stands now.
    pub(super) staying: Vec<Lost>,
}

impl Sought {
    pub(super) const fn is_empty(&self) -> bool {
        self.lost.is_empty() && self.staying.is_empty()
    }
}

/// Where what was lost stands now.
#[derive(Default)]
pub(super) struct Remembered {
    /// Nothing where it is known to be gone.
    found: HashMap<Id, Option<Span>>,
    /// What there was no effort left for.
    unread: HashSet<Id>,
}

/// What stood in the texts of an article as they were with one revision of it, or as they will be.
type Stood = BTreeMap<(Id, Option<Id>), Vec<(Lost, Span)>>;

impl Remembered {
    /// Looks up where all of it stood, and finds that in the texts as they will be.
    pub(super) async fn look_up<'a>(
        transaction: &Transaction,
        sought: Sought,
        rewritten: &Rewritten,
        present: impl Fn(Id, TextField) -> Option<&'a str>,
    ) -> Result<Self, store::Error> {
        let mut stood: Vec<_> = stood(transaction, sought, rewritten).await?.into_iter().collect();
        let mut remembered = Self::default();
        let mut new: HashMap<(Id, TextField), Option<Arc<Text>>> = HashMap::new();
        for portion in stood.chunks_mut(AT_ONCE) {
            let ids: Vec<Id> = portion.iter().filter_map(|((_, revision), _)| *revision).collect();
            let read = if rewritten.was_too_much() { Vec::new() } else { revisions_by_id(transaction, &ids).await? };
            let read: HashMap<Id, revision::Model> = read.into_iter().map(|revision| (revision.id, revision)).collect();
            for ((article, revision), items) in portion {
                let then = revision.as_ref().and_then(|revision| read.get(revision));
                let bytes = then.and_then(|then| then.snapshot.as_ref()).map_or(0, String::len);
                if revision.is_some() && (rewritten.was_too_much() || !rewritten.may_read(bytes)) {
                    remembered.unread.extend(items.iter().map(|(lost, _)| lost.item));
                    continue;
                }
                let then = then.map(read_snapshot).transpose()?.flatten();
                new.retain(|(of, _), _| of == article);
                items.sort_by_key(|(lost, _)| lost.field);
                for items in items.chunk_by(|(left, _), (right, _)| left.field == right.field) {
                    let field = items[0].0.field;
                    if revision.is_none() {
                        remembered.stay(present(*article, field), items);
                        continue;
                    }
                    let new = new.entry((*article, field)).or_insert_with(|| rewritten.text(*article, field, &present));
                    let old = then.as_ref().and_then(|then| then.get(&field.as_str().to_lowercase())?.as_str());
                    if let (Some(new), Some(old)) = (new, old) {
                        remembered.look_for(items, old, new, rewritten);
                    }
                }
            }
        }
        Ok(remembered)
    }

    /// Leaves what stood in a text where it stood, since the text is the same.
    fn stay(&mut self, text: Option<&str>, items: &[(Lost, Span)]) {
        let spans = text.map(Spans::new);
        for (lost, (start, end)) in items {
            if spans.as_ref().and_then(|spans| spans.at(*start, *end)) == Some(&lost.words) {
                self.found.insert(lost.item, Some((*start, *end)));
            }
        }
    }

    /// Finds what stood in an old text in the new one.
    fn look_for(&mut self, items: &[(Lost, Span)], old: &str, new: &Arc<Text>, rewritten: &Rewritten) {
        let passages = Passages::new(rewritten.old_text(old), Arc::clone(new));
        for (lost, (start, end)) in items {
            if passages.stood_at(*start, *end, &lost.words) {
                match passages.find(*start, *end) {
                    None if rewritten.was_too_much() => drop(self.unread.insert(lost.item)),
                    found => drop(self.found.insert(lost.item, found)),
                }
            }
        }
    }

    /// Where something that was lost stands now, if it does; nothing where it is not known where it stood.
    #[expect(clippy::option_option, reason = "not known, known to be gone, or found")]
    pub(super) fn find(&self, item: Id) -> Option<Option<Span>> {
        self.found.get(&item).copied()
    }

    /// Whether there was no effort left to find something.
    pub(super) fn is_unread(&self, item: Id) -> bool {
        self.unread.contains(&item)
    }
}

/// Where all of it stood, as far as the history tells.
async fn stood(transaction: &Transaction, sought: Sought, rewritten: &Rewritten) -> Result<Stood, store::Error> {
    let Sought { lost, staying } = sought;
    let mut history = History { transaction, steps: HashMap::new(), left: LOOKED_THROUGH, bytes: BYTES };
    let all = lost.iter().chain(&staying);
    history.take_up(all.flat_map(|lost| [lost.owner, lost.article]).collect()).await?;
    let mut by_owner: BTreeMap<(Id, i32), Vec<Lost>> = BTreeMap::new();
    for lost in lost {
        by_owner.entry((lost.owner, lost.version)).or_default().push(lost);
    }
    let mut stood = Stood::new();
    for ((owner, version), lost) in by_owner {
        let (mut found, mut sought) = history.last_stood(owner, version, lost).await?;
        // What a record took over with a merge stood on the other one before.
        let from = if sought.is_empty() { Vec::new() } else { rewritten.merged_into(owner) };
        history.take_up(from.iter().copied().collect()).await?;
        for other in from {
            let (more, rest) = history.last_stood(other, i32::MAX, sought).await?;
            found.extend(more);
            sought = rest;
        }
        for (lost, step, span) in found {
            let Some(then) = history.text_before_loss(lost.article, step) else { continue };
            let revision = if history.is_text_of_now(&lost, then, rewritten) { None } else { Some(then.id) };
            stood.entry((lost.article, revision)).or_default().push((lost, span));
        }
    }
    let mut by_owner: BTreeMap<(Id, Id, i32), Vec<Lost>> = BTreeMap::new();
    for lost in staying {
        by_owner.entry((lost.owner, lost.article, lost.version)).or_default().push(lost);
    }
    for ((owner, article, undone), staying) in by_owner {
        // The text of before is the one that will be.
        let stays = history.unmoved(owner, article, undone, staying, rewritten).await?;
        stood.entry((article, None)).or_default().extend(stays);
    }
    Ok(stood)
}

/// What was read of the history.
struct History<'t> {
    transaction: &'t Transaction,
    /// The revisions of the owners, and of the articles.
    steps: HashMap<Id, Vec<Step>>,
    /// So many more may be read, and so many bytes of them.
    left: usize,
    bytes: usize,
}

impl History<'_> {
    /// Takes up the revisions of these records.
    async fn take_up(&mut self, records: HashSet<Id>) -> Result<(), store::Error> {
        let records: Vec<Id> = records.into_iter().filter(|id| !self.steps.contains_key(id)).collect();
        for step in steps_of(self.transaction, &records).await? {
            self.steps.entry(step.record_id).or_default().push(step);
        }
        Ok(())
    }

    /// Where things of a record stood before a version, and with which revision of that record; and those of which that is not known.
    async fn last_stood(
        &mut self,
        owner: Id,
        version: i32,
        lost: Vec<Lost>,
    ) -> Result<(Vec<(Lost, Step, Span)>, Vec<Lost>), store::Error> {
        let before = self.steps.get(&owner).into_iter().flatten().rev().filter(|step| step.version < version);
        let before: Vec<Step> = before.copied().take(BACK).collect();
        let mut stood = Vec::new();
        let mut sought = Vec::new();
        for lost in lost {
            match (lost.stood, before.first()) {
                (Some(span), Some(step)) => stood.push((lost, *step, span)),
                _ => sought.push(lost),
            }
        }
        for step in before {
            if sought.is_empty() {
                break;
            }
            let Some(snapshot) = self.read(owner, step.version).await? else { break };
            let items = items(&snapshot);
            sought.retain(|lost| match items.get(lost.item.to_string().as_str()) {
                Some(item) if is_lost(item) => true,
                // It was taken out then, and was there before.
                None => true,
                Some(item) => {
                    stood.extend(span(item).map(|span| (lost.clone(), step, span)));
                    false
                }
            });
        }
        Ok((stood, sought))
    }

    /// Those things of a record that stood where they stand both before and after the change of a text that this version of its
    /// article was. Between two versions of a record all that it has stays in place.
    async fn unmoved(
        &mut self,
        owner: Id,
        article: Id,
        undone: i32,
        mut staying: Vec<Lost>,
        rewritten: &Rewritten,
    ) -> Result<Vec<(Lost, Span)>, store::Error> {
        let steps = |record: Id| self.steps.get(&record).into_iter().flatten();
        let Some(undone) = steps(article).find(|step| step.version == undone) else { return Ok(Vec::new()) };
        // What followed that change has come with the same call.
        let is_before = |step: &&Step| step.position < undone.position && step.at != undone.at;
        let is_after = |step: &&Step| step.position <= undone.position || step.at == undone.at;
        let (Some(before), Some(after)) = (steps(owner).rev().find(is_before), steps(owner).rev().find(is_after))
        else {
            return Ok(Vec::new());
        };
        let is_same = before.id == after.id && steps(owner).next_back().is_some_and(|last| last.id == before.id);
        if !is_same {
            let read = revisions_by_id(self.transaction, &[before.id, after.id]).await?;
            for revision in read {
                if !rewritten.may_read(revision.snapshot.as_ref().map_or(0, String::len)) {
                    return Ok(Vec::new());
                }
                let Some(snapshot) = read_snapshot(&revision)?.map(Value::Object) else { return Ok(Vec::new()) };
                let items = items(&snapshot);
                let there =
                    |lost: &Lost| span(items.get(lost.item.to_string().as_str()).filter(|item| !is_lost(item))?);
                staying.retain(|lost| there(lost).is_some_and(|there| lost.stood == Some(there)));
            }
        }
        Ok(staying.into_iter().filter_map(|lost| lost.stood.map(|span| (lost, span))).collect())
    }

    /// A record as it was at a version.
    async fn read(&mut self, record: Id, version: i32) -> Result<Option<Value>, store::Error> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let Some(revision) = revision_at(self.transaction, record, version).await? else { return Ok(None) };
        let bytes = revision.snapshot.as_ref().map_or(0, String::len);
        let Some(bytes) = self.bytes.checked_sub(bytes) else {
            self.left = 0;
            return Ok(None);
        };
        self.bytes = bytes;
        Ok(read_snapshot(&revision)?.map(Value::Object))
    }

    /// The revision of an article with whose texts something of a record stood last: the one before the next step of that record.
    /// Some of the same call may come behind that. If there is none, it is the article's as the record was left.
    fn text_before_loss(&self, article: Id, stood: Step) -> Option<Step> {
        let next = self.steps.get(&stood.record_id)?.iter().find(|step| step.position > stood.position);
        let mut steps = self.steps.get(&article)?.iter().rev();
        let found = match next {
            Some(next) => steps.find(|step| step.position < next.position && step.at != next.at),
            None => steps.find(|step| step.position <= stood.position || step.at == stood.at),
        };
        found.copied()
    }

    /// Whether the text in which something stood is the one that will be, so that there is no need to read it: it is stored and does
    /// not change, or the change is undone before which it stood there.
    fn is_text_of_now(&self, lost: &Lost, then: Step, rewritten: &Rewritten) -> bool {
        let Some(steps) = self.steps.get(&lost.article) else { return false };
        let is_last = |version: i32| steps.last().is_some_and(|last| last.version == version);
        let changes = rewritten.changes(lost.article, lost.field);
        match rewritten.undone(lost.article) {
            // What it has not changed may have been changed by a later one.
            Some(undone) if changes || is_last(undone) => {
                steps.iter().rev().find(|step| step.version < undone).is_some_and(|before| before.id == then.id)
            }
            _ => !changes && is_last(then.version),
        }
    }
}

/// The mentions and citations of a document, by their ids.
fn items(snapshot: &Value) -> HashMap<&str, &Value> {
    let of_participants = list(snapshot, "participants").iter().flat_map(|item| list(item, "citations"));
    let own = list(snapshot, "citations").iter().chain(list(snapshot, "mentions"));
    own.chain(of_participants).filter_map(|item| Some((item.get("id")?.as_str()?, item))).collect()
}

fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    value.get(name).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn is_lost(item: &Value) -> bool {
    item.get("anchor").and_then(Value::as_str) == Some(AnchorState::Orphaned.as_str())
}

fn span(item: &Value) -> Option<Span> {
    let point = |name: &str| usize::try_from(item.get(name)?.as_u64()?).ok();
    Some((point("start")?, point("end")?))
}
