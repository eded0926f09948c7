//! Anchors the mentions of an article: stored ones, those that a revert restores, and new ones.

use std::collections::{HashMap, HashSet};

use entity::{
    Id,
    vocabulary::{AnchorState, TextField, UserErrorCode},
};

use crate::{
    domain::{
        document::Document,
        kind::{Article, Body, Context, MENTION_TEXT, Mention},
        problem::{Path, quoted},
        shape,
        write::{ChangeKind, Draft, InputProblem, report},
    },
    text::{SearchBudget, Spans},
};

use super::{
    context_at, field_name,
    follow::{ChangedTexts, Evidence, Placement, Span},
    is_revert, report_missing_text, report_search_limit, span,
    texts::{InvalidTexts, has_twin},
};

/// How a mention gets its position.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum PositionSource {
    /// It is stored, and follows its text.
    Stored,
    /// A revert restores it or its position.
    Restored,
    /// A line or an edit gives its position.
    New,
}

/// Anchors the mentions of an article, and checks their positions.
pub(super) fn anchor_mentions(
    draft: &mut Draft,
    changed: &ChangedTexts,
    invalid: &InvalidTexts,
    budget: &SearchBudget,
    input_problems: &mut Vec<InputProblem>,
) {
    let Body::Article(article) = &mut draft.document.body else { return };
    if article.mentions.is_empty() {
        return;
    }
    // Imported lines give all positions themselves.
    let is_import = draft.change == ChangeKind::Import;
    let stored = stored_mentions(draft.stored.as_deref());
    let source = |mention: &Mention| match (!is_import && is_stored(mention, &stored), is_revert(draft.change)) {
        (true, _) => PositionSource::Stored,
        (false, true) => PositionSource::Restored,
        (false, false) => PositionSource::New,
    };
    let mut sources: Vec<PositionSource> = article.mentions.iter().map(source).collect();
    if sources.iter().any(|source| *source != PositionSource::New) {
        let was_orphan = |id: Id| stored.get(&id).is_some_and(|old| old.anchor == AnchorState::Orphaned);
        let placements = placements(draft.id, draft.input_index, article, &sources, changed);
        report_search_limits(&article.mentions, &placements, draft.input_index, input_problems);
        apply(draft.id, &mut article.mentions, &sources, placements, was_orphan, changed);
    }
    // An edit that gives a mention another record may make it a duplicate, which is reported as if it were new.
    for (mention, source) in article.mentions.iter().zip(&mut sources) {
        let old = mention.id.and_then(|id| stored.get(&id)).filter(|_| !is_import);
        if old.is_some_and(|old| old.entity != mention.entity) {
            *source = PositionSource::New;
        }
    }
    report_duplicates(&article.mentions, &sources, draft.input_index, input_problems);
    // In a text that changes, the stored context of an anchored mention is not that of its place any more.
    let still_holds = |old: &&&Mention| old.anchor == AnchorState::Orphaned || !changed.has(draft.id, old.field);
    let imported = stored.values().filter(|_| is_import).filter(still_holds);
    let imported = imported.map(|old| (position_of(old), &old.context)).collect();
    let is_invalid = |field| invalid.contains(&(draft.id, field));
    check_positions(article, draft.input_index, is_invalid, (&imported, budget), input_problems);
}

/// The stored mentions of an article by their ids.
fn stored_mentions(stored: Option<&Document>) -> HashMap<Id, &Mention> {
    let Some(Body::Article(old)) = stored.map(|stored| &stored.body) else { return HashMap::new() };
    old.mentions.iter().filter_map(|mention| Some((mention.id?, mention))).collect()
}

/// Whether a mention is stored with the same words at the same position.
fn is_stored(mention: &Mention, stored: &HashMap<Id, &Mention>) -> bool {
    mention.id.and_then(|id| stored.get(&id)).is_some_and(|old| {
        (old.field, old.start, old.end, old.anchor, &old.text)
            == (mention.field, mention.start, mention.end, mention.anchor, &mention.text)
    })
}

type Position = (TextField, i32, Option<String>);

fn position_of(mention: &Mention) -> Position {
    (mention.field, mention.start, mention.text.clone())
}

/// The placement of each mention that is not new.
fn placements(
    id: Id,
    line: Option<usize>,
    article: &Article,
    sources: &[PositionSource],
    changed: &ChangedTexts,
) -> Vec<Placement> {
    let mut unchanged = HashMap::new();
    let placement = |(mention, source): (&Mention, &PositionSource)| {
        let evidence = Evidence {
            article: id,
            field: mention.field,
            words: mention.text.as_deref().unwrap_or_default(),
            start: Some(mention.start),
            is_orphan: mention.anchor == AnchorState::Orphaned,
            context: &mention.context,
        };
        match source {
            PositionSource::New => Placement::Unchanged,
            PositionSource::Stored => changed.follow(&evidence),
            PositionSource::Restored => {
                let text = changed.new_text(id, mention.field).unwrap_or_else(|| {
                    let text = || changed.text(article.text(mention.field).unwrap_or_default());
                    unchanged.entry(mention.field).or_insert_with(text)
                });
                changed.restore(&evidence, line, text)
            }
        }
    };
    article.mentions.iter().zip(sources).map(placement).collect()
}

/// Applies the placements of all mentions that are not new. No two mentions of one record get the same position.
fn apply(
    article: Id,
    mentions: &mut [Mention],
    sources: &[PositionSource],
    placements: Vec<Placement>,
    was_orphan: impl Fn(Id) -> bool,
    changed: &ChangedTexts,
) {
    let is_orphan = |mention: &Mention| mention.anchor == AnchorState::Orphaned;
    let place = |mention: &Mention, span: (i32, i32)| (mention.field, span, mention.entity.id());
    let returns_with_text =
        |mention: &Mention| mention.id.is_some_and(&was_orphan) && changed.has(article, mention.field);
    let all = mentions.iter_mut().zip(sources).zip(placements);
    let (orphans, mut anchored): (Vec<_>, Vec<_>) = all.partition(|((mention, source), _)| {
        is_orphan(mention) || (**source == PositionSource::Restored && returns_with_text(mention))
    });
    let mut taken = HashMap::new();
    for ((mention, source), placement) in anchored.iter_mut().filter(|((_, source), _)| **source != PositionSource::New)
    {
        let before = (mention.start, mention.end);
        // Of mentions that move to one position from different positions, the first gets it. Those that an edit puts at one position are
        // reported as duplicates.
        let is_free = |found: (i32, i32)| *taken.entry((**source, place(mention, found))).or_insert(before) == before;
        if !new_span(mention, placement).is_some_and(is_free) {
            make_orphan(mention, placement);
        } else if let Placement::Moved(span, context) = placement {
            move_to(mention, *span, context);
        }
    }
    // Orphans come last: they take no position from anchored mentions.
    let anchored = anchored.iter().map(|((mention, _), _)| mention).filter(|mention| !is_orphan(mention));
    let mut taken: HashSet<_> = anchored.map(|mention| place(mention, (mention.start, mention.end))).collect();
    for ((mention, _), mut placement) in orphans.into_iter().filter(|((_, source), _)| **source != PositionSource::New)
    {
        let found = new_span(mention, &placement);
        if !found.is_some_and(|found| taken.insert(place(mention, found))) {
            make_orphan(mention, &mut placement);
        } else if let Placement::Moved(span, context) = &mut placement {
            move_to(mention, *span, context);
        }
    }
}

/// The span of a mention after its placement, if it has one.
fn new_span(mention: &Mention, placement: &Placement) -> Option<(i32, i32)> {
    match placement {
        // The call is refused if a placement is unknown.
        Placement::Unchanged | Placement::Unknown => {
            (mention.anchor != AnchorState::Orphaned).then_some((mention.start, mention.end))
        }
        Placement::Moved(span, _) => points(*span),
        Placement::Orphaned(_) => None,
    }
}

fn move_to(mention: &mut Mention, found: Span, context: &mut Context) {
    if let Some(found) = points(found) {
        (mention.start, mention.end) = found;
        mention.anchor = AnchorState::Moved;
        mention.context = std::mem::take(context);
    }
}

fn make_orphan(mention: &mut Mention, placement: &mut Placement) {
    mention.anchor = AnchorState::Orphaned;
    if let Placement::Orphaned(context) = placement {
        mention.context = std::mem::take(context);
    }
}

/// Reports restored mentions that cannot be searched within the budget.
fn report_search_limits(
    mentions: &[Mention],
    placements: &[Placement],
    line: Option<usize>,
    input_problems: &mut Vec<InputProblem>,
) {
    let list = Path::TOP.field("mentions");
    for (index, (mention, placement)) in mentions.iter().zip(placements).enumerate() {
        if matches!(placement, Placement::Unknown) && mention.anchor != AnchorState::Orphaned {
            report_search_limit(input_problems, line, &list.item(index));
        }
    }
}

/// Reports mentions of the same record at the same position: the new one, if one is new.
fn report_duplicates(
    mentions: &[Mention],
    sources: &[PositionSource],
    line: Option<usize>,
    input_problems: &mut Vec<InputProblem>,
) {
    let list = Path::TOP.field("mentions");
    let mut seen = HashSet::with_capacity(mentions.len());
    for source in [PositionSource::Stored, PositionSource::Restored, PositionSource::New] {
        for (index, mention) in mentions.iter().enumerate().filter(|(index, _)| sources[*index] == source) {
            // Several orphans may have had the same position, one after the other.
            let orphan = (mention.anchor == AnchorState::Orphaned).then_some((&mention.text, mention.id));
            let place = (mention.field, mention.start, mention.end, mention.entity.id(), orphan);
            if !seen.insert(place) && mention.entity.id() != Id::NIL {
                let message = "another mention of this record has the same span: remove one of them";
                report(input_problems, line, UserErrorCode::Duplicate, &list.item(index), message);
            }
        }
    }
}

/// Checks the positions of mentions, and fills in what a line or an edit leaves out.
fn check_positions(
    article: &mut Article,
    line: Option<usize>,
    is_invalid: impl Fn(TextField) -> bool,
    (imported, budget): (&HashMap<Position, &Context>, &SearchBudget),
    input_problems: &mut Vec<InputProblem>,
) {
    let mut mentions = std::mem::take(&mut article.mentions);
    let spans = Article::TEXTS.map(|field| (field, article.text(field).map(Spans::new)));
    let list = Path::TOP.field("mentions");
    for (index, mention) in mentions.iter_mut().enumerate() {
        if is_invalid(mention.field) {
            continue;
        }
        if mention.anchor == AnchorState::Orphaned {
            if mention.context.is_unknown()
                && let Some(known) = imported.get(&position_of(mention))
            {
                mention.context.clone_from(known);
            }
            continue;
        }
        let path = list.item(index);
        let text = spans.iter().find(|(field, _)| *field == mention.field).and_then(|(_, spans)| spans.as_ref());
        let Some(text) = text else {
            report_missing_text(input_problems, line, &path, mention.field);
            continue;
        };
        let mut refuse = |name: &str, message: String| {
            report(input_problems, line, UserErrorCode::Invalid, &path.field(name), message);
        };
        let Some(words) = span(mention.start, mention.end).and_then(|(start, end)| text.at(start, end)) else {
            let (field, length) = (field_name(mention.field), text.len());
            refuse("end", format!("is outside of the {field}, which has {length} characters"));
            continue;
        };
        match &mention.text {
            Some(text) if text != words => refuse("text", format!("must be {}, the text at that place", quoted(words))),
            Some(_) => {}
            None => {
                let mut text = serde_json::Value::from(words);
                let mut problems = Vec::new();
                shape::check(&mut text, MENTION_TEXT, &path.field("end"), &mut problems);
                let of_line = |problem| Some(InputProblem::new(line?, problem));
                input_problems.extend(problems.into_iter().filter_map(of_line));
                mention.text = Some(words.to_owned());
            }
        }
        if mention.context.is_unknown() {
            let known = imported.get(&position_of(mention)).map(|context| (*context).clone());
            let span = span(mention.start, mention.end).unwrap_or_default();
            mention.context = known.unwrap_or_else(|| context_at(text, span, has_twin(words, text, budget)));
        }
    }
    article.mentions = mentions;
}

fn points((start, end): (usize, usize)) -> Option<(i32, i32)> {
    Some((i32::try_from(start).ok()?, i32::try_from(end).ok()?))
}
