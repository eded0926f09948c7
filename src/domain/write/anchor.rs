//! Mentions and quotes stand where they are said to stand, in the text of their article letter for letter.

mod mentions;
mod put_back;
mod remembered;
mod rewritten;

use std::{
    collections::{HashMap, HashSet},
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use entity::{
    Id,
    vocabulary::{AnchorState, TextField, UserErrorCode, Vocabulary},
};

use crate::{
    domain::{
        kind::{Article, Body, Citation},
        problem::Path,
    },
    store::{
        self,
        write::{Texts, texts},
    },
    text::{Effort, Spans},
};

use super::{Complaint, Deed, Draft, Work, complain, share::check_each};
use mentions::anchor_mentions;
use put_back::{Carried, comes_back, lose, put_back, returning, staying};
use remembered::{Remembered, Sought};
use rewritten::Rewritten;

/// As many characters of texts are looked through for the quotes of one call that do not say where they begin: a tenth of a second of
/// work for real ones, a second or two at worst, in which nobody else writes.
const LOOKED_THROUGH: usize = 1 << 29;

/// Checks every span, and fills in those that are not given. What stood in an article before its text changed follows its
/// passage: it is found again, or told to be lost.
pub(super) async fn settle(work: &mut Work<'_>) -> Result<(), store::Error> {
    let mut drafts = std::mem::take(&mut work.drafts);
    let mut outside = HashSet::new();
    for draft in &mut drafts {
        let standing = Standing::of(draft);
        draft.document.body.visit_citations(&mut |citation, _| {
            let article = citation.article.id();
            if !work.index.contains_key(&article) && !standing.holds(citation) {
                outside.insert(article);
            }
        });
    }
    let outside: Vec<Id> = outside.into_iter().collect();
    let stored = texts(work.transaction, &outside).await?;
    // An import is the work of who runs the database, and takes as long as it takes.
    let is_import = drafts.iter().any(|draft| draft.deed == Deed::Import);
    let limit = |of_a_call: usize| if is_import { usize::MAX } else { of_a_call };
    let mut rewritten = Rewritten::of(&drafts, work.undone.clone(), Effort::of(limit(Effort::OF_A_CALL)));
    let carried = Carried::of(&drafts);
    let mut lost = returning(&drafts, &rewritten, &carried);
    // What comes back stands where it did before it was lost: where it was lost does not count.
    let back: HashSet<Id> = lost.iter().map(|lost| lost.item).collect();
    lost.extend(rewritten.lost(&drafts).into_iter().filter(|lost| !back.contains(&lost.item)));
    let sought = Sought { lost, staying: staying(&drafts, &rewritten) };
    if !sought.is_empty() {
        let present =
            |article: Id, field: TextField| match work.index.get(&article).map(|at| &drafts[*at].document.body) {
                Some(Body::Article(article)) => article.text(field),
                _ => stored.get(&article)?.text(field),
            };
        // It is seldom needed, and takes more room than all the rest.
        rewritten.remember(Box::pin(Remembered::look_up(work.transaction, sought, &rewritten, present)).await?);
    }
    let wrong = &work.wrong_texts;
    check_each(&mut drafts, &mut work.complaints, |draft, complaints| {
        anchor_mentions(draft, &rewritten, wrong, complaints);
    });
    // The texts of articles that are part of this write, of which there is one draft each, stand aside as long as the documents
    // are changed that quote them.
    let cited = cited_articles(&mut drafts);
    let mut written = HashMap::new();
    for draft in &mut drafts {
        if let Body::Article(article) = &mut draft.document.body
            && cited.contains(&draft.id)
        {
            written.insert(draft.id, take_texts(article));
        }
    }
    let spans = SpansOf::new([&written, &stored], wrong, limit(LOOKED_THROUGH));
    check_each(&mut drafts, &mut work.complaints, |draft, complaints| {
        anchor_citations(draft, &rewritten, &carried, &spans, complaints);
    });
    for draft in &mut drafts {
        if let Body::Article(article) = &mut draft.document.body
            && let Some(texts) = written.remove(&draft.id)
        {
            give_back(article, texts);
        }
    }
    work.drafts = drafts;
    Ok(())
}

/// Texts with which something is wrong.
type Wrong = HashSet<(Id, TextField)>;

fn anchor_citations(
    draft: &mut Draft,
    rewritten: &Rewritten,
    carried: &Carried,
    spans: &SpansOf<'_>,
    complaints: &mut Vec<Complaint>,
) {
    let (line, deed) = (draft.line, draft.deed);
    let standing = Standing::of(draft);
    draft.document.body.visit_citations(&mut |citation, path| {
        if standing.holds(citation) {
            return rewritten.follow(citation);
        }
        match spans.find(citation.article.id(), citation.field) {
            Found::Nothing => {}
            Found::NoText if citation.anchor == AnchorState::Orphaned => {}
            Found::NoText if comes_back(deed) => lose(citation),
            Found::Text(text) if comes_back(deed) => {
                if !put_back(citation, &standing, carried, rewritten, |quote| spans.look_for(quote, text)) {
                    complain_of_too_much(complaints, line, path);
                }
            }
            Found::NoText => complain_of_no_text(complaints, line, path, citation.field),
            Found::Text(text) => {
                place(citation, text, |quote| spans.look_for(quote, text), path, line, complaints);
            }
        }
    });
}

/// The citations that a record has already, which an edit leaves as they are.
struct Standing(HashMap<Id, Citation>);

impl Standing {
    /// A line of an import says itself where things stand.
    fn of(draft: &Draft) -> Self {
        let stored = draft.stored.iter().filter(|_| draft.deed != Deed::Import);
        let citations = stored.flat_map(|stored| stored.body.citations());
        Self(citations.filter_map(|citation| Some((citation.id?, citation.clone()))).collect())
    }

    /// Whether it is one of them, wherever that stands.
    fn has(&self, citation: &Citation) -> bool {
        citation.id.is_some_and(|id| self.0.contains_key(&id))
    }

    /// Whether what a citation quotes is as it was.
    fn holds(&self, citation: &Citation) -> bool {
        citation.id.and_then(|id| self.0.get(&id)).is_some_and(|stored| {
            stored.article == citation.article
                && stored.field == citation.field
                && stored.quote == citation.quote
                && stored.start == citation.start
                && stored.end == citation.end
                && stored.anchor == citation.anchor
        })
    }
}

fn cited_articles(drafts: &mut [super::Draft]) -> HashSet<Id> {
    let mut cited = HashSet::new();
    for draft in drafts {
        draft.document.body.visit_citations(&mut |citation, _| {
            cited.insert(citation.article.id());
        });
    }
    cited
}

fn take_texts(article: &mut Article) -> Texts {
    let Article { headline, summary, body, .. } = article;
    Texts { headline: std::mem::take(headline), summary: summary.take(), body: body.take() }
}

fn give_back(article: &mut Article, texts: Texts) {
    let Texts { headline, summary, body } = texts;
    (article.headline, article.summary, article.body) = (headline, summary, body);
}

/// The texts of all cited articles, each prepared once.
struct SpansOf<'a> {
    texts: HashMap<Id, [Option<Prepared<'a>>; 3]>,
    wrong: &'a Wrong,
    /// As many characters may still be looked through.
    left: AtomicUsize,
}

/// A text, prepared when it is first asked for.
struct Prepared<'a> {
    text: &'a str,
    spans: OnceLock<Spans<'a>>,
}

enum Found<'a> {
    /// The article, or its text, was left out because of other problems.
    Nothing,
    NoText,
    Text(&'a Spans<'a>),
}

impl<'a> SpansOf<'a> {
    fn new(texts: [&'a HashMap<Id, Texts>; 2], wrong: &'a Wrong, left: usize) -> Self {
        let prepared = |text: &'a str| Prepared { text, spans: OnceLock::new() };
        let of_article = |(id, texts): (&Id, &'a Texts)| {
            let [summary, body] = [&texts.summary, &texts.body].map(|text| text.as_deref().map(prepared));
            (*id, [Some(prepared(&texts.headline)), summary, body])
        };
        Self { texts: texts.into_iter().flatten().map(of_article).collect(), wrong, left: left.into() }
    }

    /// Where a quote stands, or how often; nothing where too much was looked through already.
    fn look_for(&self, quote: &str, text: &Spans<'_>) -> Option<Result<(usize, usize), usize>> {
        let take = |left: usize| left.checked_sub(text.len());
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).ok().map(|_| text.only(quote))
    }

    fn find(&self, article: Id, field: TextField) -> Found<'_> {
        let Some([headline, summary, body]) =
            self.texts.get(&article).filter(|_| !self.wrong.contains(&(article, field)))
        else {
            return Found::Nothing;
        };
        let text = match field {
            TextField::Headline => headline,
            TextField::Abstract => summary,
            TextField::Body => body,
        };
        match text {
            None => Found::NoText,
            Some(Prepared { text, spans }) => Found::Text(spans.get_or_init(|| Spans::new(text))),
        }
    }
}

/// Checks a citation that is handed in.
fn place(
    citation: &mut Citation,
    text: &Spans<'_>,
    look_for: impl Fn(&str) -> Option<Result<(usize, usize), usize>>,
    path: &Path<'_>,
    line: Option<usize>,
    complaints: &mut Vec<Complaint>,
) {
    if citation.anchor == AnchorState::Orphaned {
        return;
    }
    let field = word(citation.field);
    if let Some(start) = citation.start {
        let length = i32::try_from(citation.quote.chars().count()).unwrap_or(i32::MAX);
        let end = start.saturating_add(length);
        let there = span(start, end).and_then(|(start, end)| text.at(start, end));
        if there != Some(&citation.quote) {
            let message = match look_for(&citation.quote) {
                Some(Ok((at, _))) => format!("does not stand at {start} of the {field}, but at {at}"),
                Some(Err(0)) => format!("does not stand in the {field} of the article"),
                Some(Err(_)) | None => format!("does not stand at {start} of the {field}"),
            };
            complain(complaints, line, UserErrorCode::Invalid, &path.field("quote"), message);
        } else if citation.end.is_some_and(|given| given != end) {
            complain(
                complaints,
                line,
                UserErrorCode::Invalid,
                &path.field("end"),
                format!("is not where the quote ends, which is {end}"),
            );
        }
        citation.end = Some(end);
        return;
    }
    match look_for(&citation.quote) {
        Some(Ok(found)) => set_span(citation, found),
        None => complain(
            complaints,
            line,
            UserErrorCode::Required,
            &path.field("start"),
            "is missing: the call has more quotes than can be looked for in texts so long",
        ),
        Some(Err(0)) => complain(
            complaints,
            line,
            UserErrorCode::Invalid,
            &path.field("quote"),
            format!("does not stand in the {field} of the article"),
        ),
        Some(Err(_)) => complain(
            complaints,
            line,
            UserErrorCode::Invalid,
            &path.field("quote"),
            format!("stands more than once in the {field} of the article; say which by start"),
        ),
    }
}

fn complain_of_no_text(complaints: &mut Vec<Complaint>, line: Option<usize>, path: &Path<'_>, field: TextField) {
    let message = format!("the article has no {}", word(field));
    complain(complaints, line, UserErrorCode::Invalid, &path.field("field"), message);
}

/// What an undoing brings back must not be lost because there is too much of it.
fn complain_of_too_much(complaints: &mut Vec<Complaint>, line: Option<usize>, path: &Path<'_>) {
    let message =
        "more comes back than can be looked for in texts so long; undo fewer changes at once, or put it back by hand";
    complain(complaints, line, UserErrorCode::Invalid, path, message);
}

fn set_span(citation: &mut Citation, (start, end): (usize, usize)) {
    citation.start = i32::try_from(start).ok();
    citation.end = i32::try_from(end).ok();
}

fn span(start: i32, end: i32) -> Option<(usize, usize)> {
    Some((usize::try_from(start).ok()?, usize::try_from(end).ok()?))
}

fn word(field: TextField) -> String {
    field.as_str().to_lowercase()
}
