//! Where something stood once, as the history tells. What stood around it there tells it from the same words elsewhere.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use entity::{
    Id,
    vocabulary::{AnchorState, TextField, Vocabulary},
};
use serde_json::Value;

use crate::{
    domain::write::read_snapshot,
    store::{
        self, Transaction,
        write::{Step, revision_at, steps_of},
    },
    text::{Passages, Text},
};

use super::rewritten::Rewritten;

/// So many versions of a record are looked back.
const BACK: usize = 32;
/// So many revisions are read for one write at most, and no more than tell of so many bytes. What is not found in them is looked for
/// by its words alone.
const READ: usize = 1_024;
const BYTES: usize = 1 << 26;

pub(super) type Span = (usize, usize);

/// A mention or a citation that has lost its place, or comes back from a version of its owner.
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

/// Where what was lost stands now; nothing where it is known to be gone.
#[derive(Default)]
pub(super) struct Remembered(HashMap<Id, Option<Span>>);

impl Remembered {
    /// Looks up where all of it stood, and finds that in the texts as they will be.
    pub(super) async fn look_up<'a>(
        transaction: &Transaction,
        lost: Vec<Lost>,
        rewritten: &Rewritten,
        present: impl Fn(Id, TextField) -> Option<&'a str>,
    ) -> Result<Self, store::Error> {
        let mut history = History { transaction, steps: HashMap::new(), left: READ, bytes: BYTES };
        history.take_up(lost.iter().flat_map(|lost| [lost.owner, lost.article]).collect()).await?;
        let mut by_owner: BTreeMap<(Id, i32), Vec<Lost>> = BTreeMap::new();
        for lost in lost {
            by_owner.entry((lost.owner, lost.version)).or_default().push(lost);
        }
        // By the texts in which they stood.
        let mut stood: BTreeMap<(Id, TextField, i32), Vec<(Lost, Span)>> = BTreeMap::new();
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
                if let Some(version) = history.version_after(lost.article, step) {
                    stood.entry((lost.article, lost.field, version)).or_default().push((lost, span));
                }
            }
        }
        let mut remembered = HashMap::new();
        let mut present_text: Option<((Id, TextField), Arc<Text>)> = None;
        for ((article, field, version), items) in stood {
            if present_text.as_ref().is_none_or(|(of, _)| *of != (article, field)) {
                present_text = rewritten.text(article, field, &present).map(|text| ((article, field), text));
            }
            let Some((_, new)) = present_text.as_ref().filter(|(of, _)| *of == (article, field)) else { continue };
            let Some(then) = history.read(article, version).await? else { continue };
            let Some(old) = then.get(field.as_str().to_lowercase()).and_then(Value::as_str) else { continue };
            let passages = Passages::new(rewritten.old_text(old), Arc::clone(new));
            for (lost, (start, end)) in items {
                if passages.stood_at(start, end, &lost.words) {
                    remembered.insert(lost.item, passages.find(start, end));
                }
            }
        }
        Ok(Self(remembered))
    }

    /// Where something that was lost stands now, if it does; nothing where it is not known where it stood.
    #[expect(clippy::option_option, reason = "not known, known to be gone, or found")]
    pub(super) fn find(&self, item: Id) -> Option<Option<Span>> {
        self.0.get(&item).copied()
    }
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

    /// The version of an article after the call that a revision is of. Some of the same call may come behind it.
    fn version_after(&self, article: Id, step: Step) -> Option<i32> {
        let mut steps = self.steps.get(&article)?.iter().rev();
        steps
            .find(|of_article| of_article.position <= step.position || of_article.at == step.at)
            .map(|step| step.version)
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
