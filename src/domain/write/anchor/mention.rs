//! The mentions of an article: they follow its texts or come back to them, each stands letter for letter where it is said to,
//! and none is there twice.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{AnchorState, TextField, UserErrorCode},
};

use crate::{
    domain::{
        document::Document,
        kind::{Article, Body, Context, MENTION_TEXT, Mention},
        problem::Path,
        shape,
        write::{ChangeKind, Draft, InputProblem, report},
    },
    text::Spans,
};

use super::{
    comes_back, context_at,
    follow::{ChangedTexts, Item, Outcome, Span},
    report_missing_text, report_too_much, span,
    texts::{Budget, Wrong},
    word,
};

/// How a mention gets to its place.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    /// It was there already, and follows its text.
    Follows,
    /// An undoing brings it back, or puts it back where it stood.
    ComesBack,
    /// It is put there.
    NewDraft,
}

/// Lets the mentions of an article follow its texts, and checks where they come to stand.
pub(super) fn anchor_mentions(
    draft: &mut Draft,
    changed: &ChangedTexts,
    wrong: &Wrong,
    budget: &Budget,
    input_problems: &mut Vec<InputProblem>,
) {
    let Body::Article(article) = &mut draft.document.body else { return };
    if article.mentions.is_empty() {
        return;
    }
    // A line of an import says itself where things stand.
    let is_import = draft.change == ChangeKind::Import;
    let stored = stored_mentions(draft.stored.as_deref());
    let stands = |mention: &Mention| !is_import && is_stored(mention, &stored);
    let way = |mention: &Mention| match (stands(mention), comes_back(draft.change)) {
        (true, _) => Way::Follows,
        (false, true) => Way::ComesBack,
        _ => Way::NewDraft,
    };
    let ways: Vec<Way> = article.mentions.iter().map(way).collect();
    if ways.iter().any(|way| *way != Way::NewDraft) {
        let was_lost = |id: Id| stored.get(&id).is_some_and(|old| old.anchor == AnchorState::Orphaned);
        let outcomes = outcomes(draft.id, draft.line, article, &ways, changed);
        complain_of_too_many(&article.mentions, &outcomes, draft.line, input_problems);
        find_places(draft.id, &mut article.mentions, &ways, outcomes, was_lost, changed);
    }
    // Who makes of a mention one of another record puts that there.
    let is_of_another = |mention: &Mention| {
        let old = mention.id.and_then(|id| stored.get(&id)).filter(|_| !is_import);
        old.is_some_and(|old| old.entity != mention.entity)
    };
    let ranks: Vec<Way> = article
        .mentions
        .iter()
        .zip(&ways)
        .map(|(mention, way)| if is_of_another(mention) { Way::NewDraft } else { *way })
        .collect();
    report_duplicates(&article.mentions, &ranks, draft.line, input_problems);
    let imported = stored.values().filter(|_| is_import);
    let imported = imported.map(|old| (place_of(old), &old.context)).collect();
    settle_mentions(
        article,
        draft.line,
        |field| wrong.contains(&(draft.id, field)),
        (&imported, budget),
        input_problems,
    );
}

/// The mentions that an article has already.
fn stored_mentions(stored: Option<&Document>) -> HashMap<Id, &Mention> {
    let Some(Body::Article(old)) = stored.map(|stored| &stored.body) else { return HashMap::new() };
    old.mentions.iter().filter_map(|mention| Some((mention.id?, mention))).collect()
}

/// Whether a mention is where it was, with the same words.
fn is_stored(mention: &Mention, stored: &HashMap<Id, &Mention>) -> bool {
    mention.id.and_then(|id| stored.get(&id)).is_some_and(|old| {
        (old.field, old.start, old.end, old.anchor, &old.text)
            == (mention.field, mention.start, mention.end, mention.anchor, &mention.text)
    })
}

type Place = (TextField, i32, Option<String>);

fn place_of(mention: &Mention) -> Place {
    (mention.field, mention.start, mention.text.clone())
}

/// What becomes of each mention that is not put somewhere.
fn outcomes(id: Id, line: Option<usize>, article: &Article, ways: &[Way], changed: &ChangedTexts) -> Vec<Outcome> {
    let mut unchanged = HashMap::new();
    let outcome = |(mention, way): (&Mention, &Way)| {
        let item = Item {
            article: id,
            field: mention.field,
            words: mention.text.as_deref().unwrap_or_default(),
            start: Some(mention.start),
            is_lost: mention.anchor == AnchorState::Orphaned,
            context: &mention.context,
        };
        match way {
            Way::NewDraft => Outcome::Stays,
            Way::Follows => changed.follow(&item),
            Way::ComesBack => {
                if let Some(text) = changed.new_text(id, mention.field) {
                    changed.put_back(&item, line, text)
                } else {
                    let text = || changed.text(article.text(mention.field).unwrap_or_default());
                    changed.put_back(&item, line, unchanged.entry(mention.field).or_insert_with(text))
                }
            }
        }
    };
    article.mentions.iter().zip(ways).map(outcome).collect()
}

/// Lets the mentions that are not put somewhere stand where their passages stand.
fn find_places(
    article: Id,
    mentions: &mut [Mention],
    ways: &[Way],
    outcomes: Vec<Outcome>,
    was_lost: impl Fn(Id) -> bool,
    changed: &ChangedTexts,
) {
    let is_lost = |mention: &Mention| mention.anchor == AnchorState::Orphaned;
    let place = |mention: &Mention, span: (i32, i32)| (mention.field, span, mention.entity.id());
    // What was lost and comes back with its text is not what the undoing is about.
    let comes_with_text = |mention: &Mention| mention.id.is_some_and(&was_lost) && changed.has(article, mention.field);
    let all = mentions.iter_mut().zip(ways).zip(outcomes);
    let (lost, mut kept): (Vec<_>, Vec<_>) =
        all.partition(|((mention, way), _)| is_lost(mention) || (**way == Way::ComesBack && comes_with_text(mention)));
    let mut taken = HashMap::new();
    for ((mention, way), outcome) in kept.iter_mut().filter(|((_, way), _)| **way != Way::NewDraft) {
        let before = (mention.start, mention.end);
        // Of those that go the same way from different places one stays. That two are put at one place is told to whoever does so.
        let is_free = |found: (i32, i32)| *taken.entry((**way, place(mention, found))).or_insert(before) == before;
        if !found_at(mention, outcome).is_some_and(is_free) {
            lose(mention, outcome);
        } else if let Outcome::Moves(span, context) = outcome {
            move_to(mention, *span, context);
        }
    }
    // What was lost comes last: it takes no place from what still stands there.
    let stands = kept.iter().map(|((mention, _), _)| mention).filter(|mention| !is_lost(mention));
    let mut taken: HashSet<_> = stands.map(|mention| place(mention, (mention.start, mention.end))).collect();
    for ((mention, _), mut outcome) in lost.into_iter().filter(|((_, way), _)| **way != Way::NewDraft) {
        let found = found_at(mention, &outcome);
        if !found.is_some_and(|found| taken.insert(place(mention, found))) {
            lose(mention, &mut outcome);
        } else if let Outcome::Moves(span, context) = &mut outcome {
            move_to(mention, *span, context);
        }
    }
}

/// Where a mention stands by now, if it does.
fn found_at(mention: &Mention, outcome: &Outcome) -> Option<(i32, i32)> {
    match outcome {
        // Where there is too much to look for, the call is refused.
        Outcome::Stays | Outcome::TooMuch => {
            (mention.anchor != AnchorState::Orphaned).then_some((mention.start, mention.end))
        }
        Outcome::Moves(span, _) => points(*span),
        Outcome::IsLost(_) => None,
    }
}

fn move_to(mention: &mut Mention, found: Span, context: &mut Context) {
    if let Some(found) = points(found) {
        (mention.start, mention.end) = found;
        mention.anchor = AnchorState::Moved;
        mention.context = std::mem::take(context);
    }
}

fn lose(mention: &mut Mention, outcome: &mut Outcome) {
    mention.anchor = AnchorState::Orphaned;
    if let Outcome::IsLost(context) = outcome {
        mention.context = std::mem::take(context);
    }
}

/// Tells of mentions that come back, if there is more to look at than can be.
fn complain_of_too_many(
    mentions: &[Mention],
    outcomes: &[Outcome],
    line: Option<usize>,
    input_problems: &mut Vec<InputProblem>,
) {
    for (index, (mention, outcome)) in mentions.iter().zip(outcomes).enumerate() {
        if matches!(outcome, Outcome::TooMuch) && mention.anchor != AnchorState::Orphaned {
            let path = Path::TOP;
            report_too_much(input_problems, line, &path.field("mentions").item(index));
        }
    }
}

/// Tells of mentions that come to stand where there is one of the same record: of those that are put there, if there are any.
fn report_duplicates(mentions: &[Mention], ranks: &[Way], line: Option<usize>, input_problems: &mut Vec<InputProblem>) {
    let mut seen = HashSet::with_capacity(mentions.len());
    for rank in [Way::Follows, Way::ComesBack, Way::NewDraft] {
        for (index, mention) in mentions.iter().enumerate().filter(|(index, _)| ranks[*index] == rank) {
            // Several may have been lost at one place, one after the other.
            let lost = (mention.anchor == AnchorState::Orphaned).then_some((&mention.text, mention.id));
            let what = (mention.field, mention.start, mention.end, mention.entity.id(), lost);
            if !seen.insert(what) && mention.entity.id() != Id::NIL {
                let message = "the same record is mentioned at the same span already";
                let path = Path::TOP;
                report(input_problems, line, UserErrorCode::Duplicate, &path.field("mentions").item(index), message);
            }
        }
    }
}

fn settle_mentions(
    article: &mut Article,
    line: Option<usize>,
    is_wrong: impl Fn(TextField) -> bool,
    (imported, budget): (&HashMap<Place, &Context>, &Budget),
    input_problems: &mut Vec<InputProblem>,
) {
    if article.mentions.is_empty() {
        return;
    }
    let mut mentions = std::mem::take(&mut article.mentions);
    let spans = Article::TEXTS.map(|field| (field, article.text(field).map(Spans::new)));
    let list = Path::TOP.field("mentions");
    for (index, mention) in mentions.iter_mut().enumerate() {
        if mention.context.is_unknown()
            && let Some(known) = imported.get(&place_of(mention))
        {
            mention.context.clone_from(known);
        }
        if mention.anchor == AnchorState::Orphaned || is_wrong(mention.field) {
            continue;
        }
        let path = list.item(index);
        let text = spans.iter().find(|(field, _)| *field == mention.field).and_then(|(_, spans)| spans.as_ref());
        let Some(text) = text else {
            report_missing_text(input_problems, line, &path, mention.field);
            continue;
        };
        let Some(there) = span(mention.start, mention.end).and_then(|(start, end)| text.at(start, end)) else {
            report(
                input_problems,
                line,
                UserErrorCode::Invalid,
                &path.field("end"),
                format!("is outside of the {}, which has {} characters", word(mention.field), text.len()),
            );
            continue;
        };
        match &mention.text {
            Some(text) if text != there => report(
                input_problems,
                line,
                UserErrorCode::Invalid,
                &path.field("text"),
                format!("must be {there:?}, the text at that place"),
            ),
            Some(_) => {}
            None => {
                let mut text = serde_json::Value::from(there);
                let mut problems = Vec::new();
                shape::check(&mut text, MENTION_TEXT, &path.field("end"), &mut problems);
                let of_line = |problem| Some(InputProblem::new(line?, problem));
                input_problems.extend(problems.into_iter().filter_map(of_line));
                mention.text = Some(there.to_owned());
            }
        }
        if mention.context.is_unknown() {
            let known = imported.get(&place_of(mention)).map(|context| (*context).clone());
            let span = span(mention.start, mention.end).unwrap_or_default();
            mention.context = known.unwrap_or_else(|| context_at(text, span, budget.has_twin(there, text)));
        }
    }
    article.mentions = mentions;
}

fn points((start, end): (usize, usize)) -> Option<(i32, i32)> {
    Some((i32::try_from(start).ok()?, i32::try_from(end).ok()?))
}
