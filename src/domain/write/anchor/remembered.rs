//! Where something that was lost stood last, as the history tells. What stood around it there tells it from the same words
//! elsewhere.

use std::collections::HashMap;

use entity::{
    Id,
    vocabulary::{AnchorState, TextField, Vocabulary},
};
use serde_json::Value;

use crate::{
    domain::write::read_snapshot,
    store::{self, Transaction, write::revision_at},
    text::Passages,
};

use super::rewritten::FIELDS;

/// So many versions of a record are looked back.
const BACK: usize = 32;
/// So many revisions are read for one write at most. What is not found in them is looked for by its words alone.
const READ: usize = 256;

/// A mention or a citation that has lost its place.
#[derive(Clone)]
pub(super) struct Lost {
    pub(super) item: Id,
    /// The record that it belongs to, and the version of which it is stored.
    pub(super) owner: Id,
    pub(super) version: i32,
    pub(super) article: Id,
    pub(super) field: TextField,
    pub(super) words: String,
}

/// Where what was lost stood last, and what has become of that text.
#[derive(Default)]
pub(super) struct Remembered {
    texts: Vec<Passages>,
    /// The text, and the span in it.
    stood: HashMap<Id, (usize, usize, usize)>,
}

impl Remembered {
    /// Looks up where all of it stood. `present` holds the texts as they will be, and the stored versions of their articles.
    pub(super) async fn look_up(
        transaction: &Transaction,
        lost: Vec<Lost>,
        present: &HashMap<(Id, TextField), (i32, String)>,
    ) -> Result<Self, store::Error> {
        let mut history = History { transaction, left: READ, articles: HashMap::new() };
        let mut by_owner: HashMap<Id, Vec<Lost>> = HashMap::new();
        for lost in lost {
            by_owner.entry(lost.owner).or_default().push(lost);
        }
        let mut remembered = Self::default();
        let mut known: HashMap<(Id, TextField, i32), usize> = HashMap::new();
        for (owner, mut lost) in by_owner {
            let version = lost.first().map_or(1, |lost| lost.version);
            let mut stood = Vec::new();
            for version in back_from(version) {
                let Some((position, snapshot)) = history.read(owner, version).await? else { break };
                let items = items(&snapshot);
                lost.retain(|lost| match items.get(lost.item.to_string().as_str()) {
                    None => false,
                    Some(item) if is_lost(item) => true,
                    Some(item) => {
                        stood.extend(span(item).map(|span| (lost.clone(), position, span)));
                        false
                    }
                });
                if lost.is_empty() {
                    break;
                }
            }
            for (Lost { item, article, field, words, .. }, position, (start, end)) in stood {
                let Some((stored, new)) = present.get(&(article, field)) else { continue };
                let Some(version) = history.version_at(article, *stored, position).await? else { continue };
                let Some(text) = history.articles[&(article, version)].text(field) else { continue };
                let at = known.entry((article, field, version)).or_insert_with(|| {
                    remembered.texts.push(Passages::new(text, new));
                    remembered.texts.len() - 1
                });
                if remembered.texts[*at].stood_at(start, end, &words) {
                    remembered.stood.insert(item, (*at, start, end));
                }
            }
        }
        Ok(remembered)
    }

    /// Where something that was lost stands now, if it does; nothing where it is not known where it stood.
    #[expect(clippy::option_option, reason = "not known, known to be gone, or found")]
    pub(super) fn find(&self, item: Id) -> Option<Option<(usize, usize)>> {
        let (text, start, end) = self.stood.get(&item)?;
        Some(self.texts[*text].find(*start, *end))
    }
}

/// The texts of an article as a revision left them.
struct Past {
    position: i64,
    texts: Vec<(TextField, String)>,
}

impl Past {
    fn text(&self, field: TextField) -> Option<&str> {
        self.texts.iter().find(|(of, _)| *of == field).map(|(_, text)| text.as_str())
    }
}

/// What was read of the history.
struct History<'t> {
    transaction: &'t Transaction,
    /// So many more revisions may be read.
    left: usize,
    articles: HashMap<(Id, i32), Past>,
}

impl History<'_> {
    /// A record as it was at a version, and the position of the revision that made it so.
    async fn read(&mut self, record: Id, version: i32) -> Result<Option<(i64, Value)>, store::Error> {
        let Some(left) = self.left.checked_sub(1) else { return Ok(None) };
        self.left = left;
        let revision = revision_at(self.transaction, record, version).await?;
        let Some(revision) = revision else { return Ok(None) };
        let Some(snapshot) = read_snapshot(&revision)? else { return Ok(None) };
        let (position, snapshot) = (revision.position, Value::Object(snapshot));
        let texts = FIELDS.into_iter().filter_map(|field| {
            let text = snapshot.get(field.as_str().to_lowercase())?.as_str()?;
            Some((field, text.to_owned()))
        });
        self.articles.insert((record, version), Past { position, texts: texts.collect() });
        Ok(Some((position, snapshot)))
    }

    /// The version of an article after all changes up to a position.
    async fn version_at(&mut self, article: Id, present: i32, position: i64) -> Result<Option<i32>, store::Error> {
        for version in std::iter::once(present).chain(back_from(present)) {
            if !self.articles.contains_key(&(article, version)) && self.read(article, version).await?.is_none() {
                return Ok(None);
            }
            if self.articles.get(&(article, version)).is_some_and(|past| past.position <= position) {
                return Ok(Some(version));
            }
        }
        Ok(None)
    }
}

/// The versions before one, the latest first.
fn back_from(version: i32) -> impl Iterator<Item = i32> {
    (1..version).rev().take(BACK)
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

fn span(item: &Value) -> Option<(usize, usize)> {
    let point = |name: &str| usize::try_from(item.get(name)?.as_u64()?).ok();
    Some((point("start")?, point("end")?))
}
