//! The mentions of an article: they follow its texts or come back to them, each stands letter for letter where it is said to,
//! and none is there twice.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{AnchorState, TextField, UserErrorCode},
};

use crate::{
    domain::{
        kind::{Article, Body, MENTION_TEXT, Mention},
        problem::Path,
        shape,
        write::{Complaint, Deed, Draft, complain},
    },
    text::Spans,
};

use super::{
    Wrong, complain_of_no_text, complain_of_too_much,
    put_back::{comes_back, is_standing, standing_mentions},
    rewritten::Rewritten,
    span, word,
};

/// How a mention gets to its place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    /// It was there already, and follows its text.
    Follows,
    /// An undoing brings it back, or puts it back where it stood.
    ComesBack,
    /// It is put there.
    Given,
}

/// Lets the mentions of an article follow its texts, and checks where they come to stand.
pub(super) fn anchor_mentions(
    draft: &mut Draft,
    rewritten: &Rewritten,
    wrong: &Wrong,
    complaints: &mut Vec<Complaint>,
) {
    let Body::Article(article) = &mut draft.document.body else { return };
    if article.mentions.is_empty() {
        return;
    }
    // A line of an import says itself where things stand.
    let standing = standing_mentions(draft.stored.as_deref().filter(|_| draft.deed != Deed::Import));
    let way = |mention: &Mention| match (is_standing(mention, &standing), comes_back(draft.deed)) {
        (true, _) => Way::Follows,
        (false, true) => Way::ComesBack,
        _ => Way::Given,
    };
    let ways: Vec<Way> = article.mentions.iter().map(way).collect();
    if ways.iter().any(|way| *way != Way::Given) {
        let was_lost = |id: Id| standing.get(&id).is_some_and(|old| old.anchor == AnchorState::Orphaned);
        find_places(draft.id, &mut article.mentions, &ways, was_lost, rewritten);
        complain_of_unread(&article.mentions, &ways, rewritten, draft.line, complaints);
    }
    // Who makes of a mention one of another record puts that there.
    let is_of_another =
        |mention: &Mention| mention.id.and_then(|id| standing.get(&id)).is_some_and(|old| old.entity != mention.entity);
    let ranks: Vec<Way> = article
        .mentions
        .iter()
        .zip(ways)
        .map(|(mention, way)| if is_of_another(mention) { Way::Given } else { way })
        .collect();
    complain_of_doubled(&article.mentions, &ranks, draft.line, complaints);
    settle_mentions(article, draft.line, |field| wrong.contains(&(draft.id, field)), complaints);
}

/// Lets the mentions that are not put somewhere stand where their passages stand.
fn find_places(
    article: Id,
    mentions: &mut [Mention],
    ways: &[Way],
    was_lost: impl Fn(Id) -> bool,
    rewritten: &Rewritten,
) {
    let is_lost = |mention: &Mention| mention.anchor == AnchorState::Orphaned;
    let place = |mention: &Mention, span: (i32, i32)| (mention.field, span, mention.entity.id());
    // Its words are few, and found anywhere: where nothing tells where it stood, it does not come back.
    let remembered = |mention: &Mention| mention.id.and_then(|id| rewritten.remembered(id)?).and_then(points);
    // What was lost and comes back with its text is not what the undoing is about.
    let comes_with_text =
        |mention: &Mention| mention.id.is_some_and(&was_lost) && rewritten.changes(article, mention.field);
    let (lost, mut kept): (Vec<_>, Vec<_>) = mentions
        .iter_mut()
        .zip(ways)
        .partition(|(mention, way)| is_lost(mention) || (**way == Way::ComesBack && comes_with_text(mention)));
    let mut taken = HashMap::new();
    for (mention, way) in &mut kept {
        let before = (mention.start, mention.end);
        let found = match way {
            Way::Follows => {
                match rewritten.find(article, mention.field, mention.id, span(mention.start, mention.end)) {
                    Some(found) => found.and_then(points),
                    None => continue,
                }
            }
            // It is refused, so that it does not matter where it stands.
            Way::ComesBack if rewritten.is_unread(mention.id) => continue,
            Way::ComesBack => remembered(mention),
            Way::Given => continue,
        };
        // Of those that go the same way from different places one stays. That two are put at one place is told to whoever does so.
        let is_free = |found: &(i32, i32)| *taken.entry((**way, place(mention, *found))).or_insert(before) == before;
        move_to(mention, found.filter(is_free));
    }
    // What was lost comes last: it takes no place from what still stands there.
    let stands = kept.iter().map(|(mention, _)| mention).filter(|mention| !is_lost(mention));
    let mut taken: HashSet<_> = stands.map(|mention| place(mention, (mention.start, mention.end))).collect();
    for (mention, way) in lost {
        let found = match way {
            Way::Follows => mention
                .text
                .as_deref()
                .filter(|words| !words.is_empty())
                .and_then(|words| rewritten.come_back(article, mention.field, mention.id, words).and_then(points)),
            Way::ComesBack if rewritten.is_unread(mention.id) => continue,
            Way::ComesBack => remembered(mention),
            Way::Given => continue,
        };
        move_to(mention, found.filter(|found| taken.insert(place(mention, *found))));
    }
}

fn move_to(mention: &mut Mention, found: Option<(i32, i32)>) {
    match found {
        Some(found) if found == (mention.start, mention.end) && mention.anchor != AnchorState::Orphaned => {}
        Some(found) => {
            (mention.start, mention.end) = found;
            mention.anchor = AnchorState::Moved;
        }
        None => mention.anchor = AnchorState::Orphaned,
    }
}

/// Tells of mentions that come back, if there is more to look at than can be.
fn complain_of_unread(
    mentions: &[Mention],
    ways: &[Way],
    rewritten: &Rewritten,
    line: Option<usize>,
    complaints: &mut Vec<Complaint>,
) {
    let is_unread = |mention: &Mention| mention.anchor != AnchorState::Orphaned && rewritten.is_unread(mention.id);
    for (index, _) in mentions
        .iter()
        .zip(ways)
        .enumerate()
        .filter(|(_, (mention, way))| **way == Way::ComesBack && is_unread(mention))
    {
        let path = Path::TOP;
        complain_of_too_much(complaints, line, &path.field("mentions").item(index));
    }
}

/// Tells of mentions that come to stand where there is one of the same record: of those that are put there, if there are any.
fn complain_of_doubled(mentions: &[Mention], ranks: &[Way], line: Option<usize>, complaints: &mut Vec<Complaint>) {
    let mut seen = HashSet::with_capacity(mentions.len());
    for rank in [Way::Follows, Way::ComesBack, Way::Given] {
        for (index, mention) in mentions.iter().enumerate().filter(|(index, _)| ranks[*index] == rank) {
            // Several may have been lost at one place, one after the other.
            let lost = (mention.anchor == AnchorState::Orphaned).then_some((&mention.text, mention.id));
            let what = (mention.field, mention.start, mention.end, mention.entity.id(), lost);
            if !seen.insert(what) && mention.entity.id() != Id::NOBODY {
                let message = "the same record is mentioned at the same span already";
                let path = Path::TOP;
                complain(complaints, line, UserErrorCode::Duplicate, &path.field("mentions").item(index), message);
            }
        }
    }
}

fn settle_mentions(
    article: &mut Article,
    line: Option<usize>,
    is_wrong: impl Fn(TextField) -> bool,
    complaints: &mut Vec<Complaint>,
) {
    if article.mentions.is_empty() {
        return;
    }
    let mut mentions = std::mem::take(&mut article.mentions);
    let spans = Article::TEXTS.map(|field| (field, article.text(field).map(Spans::new)));
    let list = Path::TOP.field("mentions");
    for (index, mention) in mentions.iter_mut().enumerate() {
        if mention.anchor == AnchorState::Orphaned || is_wrong(mention.field) {
            continue;
        }
        let path = list.item(index);
        let text = spans.iter().find(|(field, _)| *field == mention.field).and_then(|(_, spans)| spans.as_ref());
        let Some(text) = text else {
            complain_of_no_text(complaints, line, &path, mention.field);
            continue;
        };
        let Some(there) = span(mention.start, mention.end).and_then(|(start, end)| text.at(start, end)) else {
            complain(
                complaints,
                line,
                UserErrorCode::Invalid,
                &path.field("end"),
                format!("lies outside the {}, which has {} characters", word(mention.field), text.len()),
            );
            continue;
        };
        match &mention.text {
            Some(text) if text != there => complain(
                complaints,
                line,
                UserErrorCode::Invalid,
                &path.field("text"),
                format!("{there:?} stands there"),
            ),
            Some(_) => {}
            None => {
                let mut text = serde_json::Value::from(there);
                let mut problems = Vec::new();
                shape::check(&mut text, MENTION_TEXT, &path.field("end"), &mut problems);
                let of_line = |problem| Some(Complaint { line: line?, problem, current: None });
                complaints.extend(problems.into_iter().filter_map(of_line));
                mention.text = Some(there.to_owned());
            }
        }
    }
    article.mentions = mentions;
}

fn points((start, end): (usize, usize)) -> Option<(i32, i32)> {
    Some((i32::try_from(start).ok()?, i32::try_from(end).ok()?))
}
