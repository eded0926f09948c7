//! Articles.

use chrono::NaiveDate;
use entity::{Id, article, article_author, vocabulary::TextField};
use serde::{Deserialize, Serialize};

use crate::{
    date::{Edtf, day_ranks},
    domain::{
        problem::{Path, Problem},
        shape::{MAX_ITEMS, MAX_LINE, Object, Shape, optional, required},
    },
    text::sort_key,
};

use super::{
    AnchorDate, Body, Facts, FactsMut, HEADER, ID_OR_KEY, IMAGE, Kind, Merge, ORGANIZATION_ONLY, PERSON_ONLY,
    PLACE_ONLY, RowReader, RowWriter, SAME_AS,
    part::{
        Items, ItemsMut, MENTION, Mention, Reference, ReferenceVisitor, check_each_once, check_references_once,
        remove_equal, visit_all, visit_one,
    },
};

pub(super) static SHAPE: Object = Object::new(
    "Article",
    "A press article or another text that was published. Its texts are stored unchanged.",
    &[
        &[required("type", Shape::Constant("ARTICLE"), "The kind of record.").read_only()],
        HEADER,
        &[
            required("headline", Shape::SourceLine(MAX_LINE), "The headline."),
            optional("abstract", Shape::SourceText(20_000), "The abstract."),
            optional("body", Shape::SourceText(1_000_000), "The body."),
            required("language", Shape::Language, "The language of the texts, a BCP 47 tag."),
            optional("publishedOn", Shape::Day, "The day of publication."),
            optional("url", Shape::Url, "The address of the article, unique over all articles."),
            IMAGE,
            optional("publisher", Shape::Reference(ORGANIZATION_ONLY), "The organization that published it."),
            optional("authors", Shape::List(&Shape::Reference(PERSON_ONLY), MAX_ITEMS), "The people who wrote it."),
            optional("dateline", Shape::Reference(PLACE_ONLY), "The place in the dateline."),
            SAME_AS,
            optional(
                "mentions",
                Shape::List(&Shape::Object(&MENTION), 100_000),
                "The passages of the texts that name entities.",
            ),
        ],
    ],
)
.needs_one_of(ID_OR_KEY);

/// An article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Article {
    pub headline: String,
    #[serde(default, rename = "abstract", skip_serializing_if = "Option::is_none")]
    pub summary: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    pub language: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_on: Option<NaiveDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<Reference>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<Reference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dateline: Option<Reference>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub same_as: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mentions: Vec<Mention>,
}

impl Article {
    /// The fields that are its texts.
    pub const TEXTS: [TextField; 3] = [TextField::Headline, TextField::Abstract, TextField::Body];

    /// One of its texts.
    #[must_use]
    pub fn text(&self, field: TextField) -> Option<&str> {
        match field {
            TextField::Headline => Some(&self.headline),
            TextField::Abstract => self.summary.as_deref(),
            TextField::Body => self.body.as_deref(),
        }
    }

    pub(super) fn from_row(row: &article::Model, reader: &RowReader<'_>) -> Self {
        let id = row.id;
        Self {
            headline: row.headline.clone(),
            summary: row.r#abstract.clone(),
            body: row.body.clone(),
            language: row.language.clone(),
            published_on: row.published_on,
            url: row.url.clone(),
            image: row.image.clone(),
            publisher: row.publisher_id.map(Reference::Id),
            authors: reader.list(&reader.authors, id, |row| row.position, |row| Reference::Id(row.person_id)),
            dateline: row.dateline_id.map(Reference::Id),
            same_as: reader.same_as(id),
            mentions: reader.mentions(id),
        }
    }
}

impl Kind for Article {
    fn facts(&self) -> Facts<'_> {
        Facts {
            same_as: &self.same_as,
            url: self.url.as_deref(),
            items: Items { mentions: &self.mentions, ..Items::default() },
            dates: Vec::new(),
            period: None,
            anchor_date: AnchorDate::Day(self.published_on.and_then(Edtf::from_day)),
            countries: Vec::new(),
            parent: None,
        }
    }

    fn facts_mut(&mut self) -> FactsMut<'_> {
        FactsMut { items: ItemsMut { mentions: &mut self.mentions, ..ItemsMut::default() }, dates: Vec::new() }
    }

    fn check(&mut self, problems: &mut Vec<Problem>) {
        check_each_once(&self.same_as, |url| url, &Path::TOP.field("sameAs"), "the address", problems);
        Mention::check(&self.mentions, problems);
    }

    fn check_references(&self, _is_deleted: bool, problems: &mut Vec<Problem>) {
        let path = Path::TOP.field("authors");
        let authors = self.authors.iter().enumerate().map(|(index, author)| (author, path.item(index)));
        check_references_once(authors, "the author", problems);
    }

    fn visit_references(&mut self, visitor: &mut ReferenceVisitor<'_>) {
        let top = Path::TOP;
        visit_one(&mut self.publisher, ORGANIZATION_ONLY, &top.field("publisher"), visitor);
        visit_all(&mut self.authors, PERSON_ONLY, &top.field("authors"), visitor);
        visit_one(&mut self.dateline, PLACE_ONLY, &top.field("dateline"), visitor);
        Mention::visit_references(&mut self.mentions, visitor);
    }

    fn write_rows(&self, id: Id, is_deleted: bool, writer: &mut RowWriter<'_>) {
        let published = day_ranks(self.published_on);
        writer.same_as(id, &self.same_as);
        writer.rows.article.push(article::Model {
            id,
            headline: self.headline.clone(),
            headline_key: sort_key(&self.headline),
            r#abstract: self.summary.clone(),
            body: self.body.clone(),
            language: self.language.clone(),
            language_key: sort_key(&self.language),
            published_on: self.published_on,
            published_asc: published.asc,
            published_desc: published.desc,
            url: self.url.clone(),
            url_key: self.url.as_deref().map(sort_key),
            image: self.image.clone(),
            publisher_id: self.publisher.as_ref().map(Reference::id),
            dateline_id: self.dateline.as_ref().map(Reference::id),
            is_deleted,
        });
        for (position, author) in (0..).zip(&self.authors) {
            let row = article_author::Model { article_id: id, person_id: author.id(), position };
            writer.rows.article_author.push(row);
        }
        writer.mentions(id, &self.mentions);
    }

    fn take_over(&mut self, _from: &mut Body, _merge: Merge) {}

    fn deduplicate(&mut self) -> usize {
        remove_equal(&mut self.authors, Clone::clone) + Mention::deduplicate(&mut self.mentions)
    }
}
