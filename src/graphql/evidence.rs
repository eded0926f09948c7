//! Mentions and citations: how articles and what they speak of hang together.

use super::{ARTICLE, ENTITY, NODE, PARTICIPATION, PLACE, fuzzy_date::dated, record::id};
use crate::store::read::{
    build::{any, column, one},
    declare::{Enumeration, Scalar, Type, asc, desc},
};
use entity::{
    citation, mention,
    vocabulary::{AnchorState, MentionClass, MentionOrigin, Modality, QuoteForm, TextField},
};
use std::sync::LazyLock;

const FIELD: Scalar = Scalar::Enumeration(Enumeration::of::<TextField>());
const ANCHOR: Scalar = Scalar::Enumeration(Enumeration::of::<AnchorState>());

pub static MENTION: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Mention", "mention", "A place in an article's text where an entity is named. Mentions may nest: \"Egyptian\" inside \"the Egyptian army\".")
        .implements(|| &NODE)
        .owned_by(&["article_id", "entity_id"])
        .default_order(vec![asc("article_id", Scalar::Id), desc("field", Scalar::Text), asc("span_start", Scalar::Int)])
        .with(id())
        .with(one("article", || &ARTICLE, mention::Column::ArticleId, "The article."))
        .with(any("entity", || &ENTITY, mention::Column::EntityId, Some("entity_kind"), "What is named there."))
        .with(any("meant", || &ENTITY, mention::Column::MeantId, Some("meant_kind"), "What is meant, where it is not what is named: Cairo for Egypt."))
        .with(column("field", mention::Column::Field, "Which of the article's texts.").is(FIELD))
        .with(column("start", mention::Column::SpanStart, "Where it begins, in Unicode code points from the start of that text."))
        .with(column("end", mention::Column::SpanEnd, "Where it ends: the first code point behind it."))
        .with(column("text", mention::Column::Text, "The words there."))
        .with(column("prefix", mention::Column::Prefix, "The 32 code points before it when it was last anchored, or as many as there were."))
        .with(column("suffix", mention::Column::Suffix, "The 32 code points behind it when it was last anchored, or as many as there were."))
        .with(column("class", mention::Column::Class, "How it is named.").is(Scalar::Enumeration(Enumeration::of::<MentionClass>())))
        .with(column("origin", mention::Column::Origin, "Who found it.").is(Scalar::Enumeration(Enumeration::of::<MentionOrigin>())))
        .with(column("anchor", mention::Column::Anchor, "Whether the words still stand there.").is(ANCHOR))
});

pub static CITATION: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Citation", "citation", "Why we say so: a passage of an article that supports an event, a participation, a relation, or a field of a record.")
        .implements(|| &NODE)
        .owned_by(&["article_id", "subject_id"])
        .default_order(vec![asc("position", Scalar::Int)])
        .with(id())
        .with(one("article", || &ARTICLE, citation::Column::ArticleId, "The article."))
        .with(any("subject", || &NODE, citation::Column::SubjectId, None, "What it supports.").unless("participation_id", || &PARTICIPATION))
        .with(column("subjectField", citation::Column::SubjectField, "Which field of the subject it supports, where it is not the whole."))
        .with(column("field", citation::Column::Field, "Which of the article's texts.").is(FIELD))
        .with(column("quote", citation::Column::Quote, "The words of the passage."))
        .with(column("prefix", citation::Column::Prefix, "The 32 code points before it when it was last anchored, or as many as there were."))
        .with(column("suffix", citation::Column::Suffix, "The 32 code points behind it when it was last anchored, or as many as there were."))
        .with(column("start", citation::Column::SpanStart, "Where it begins, in Unicode code points from the start of that text."))
        .with(column("end", citation::Column::SpanEnd, "Where it ends: the first code point behind it."))
        .with(column("anchor", citation::Column::Anchor, "Whether the words still stand there.").is(ANCHOR))
        .with(column("form", citation::Column::Form, "Whether the passage gives somebody's own words.").is(Scalar::Enumeration(Enumeration::of::<QuoteForm>())))
        .with(column("modality", citation::Column::Modality, "How it is put.").is(Scalar::Enumeration(Enumeration::of::<Modality>())))
        .with(any("attributedTo", || &ENTITY, citation::Column::AttributedToId, Some("attributed_to_kind"), "Who says so, where it is an entity."))
        .with(column("attributedToText", citation::Column::AttributedToText, "Who says so, in the article's words: \"Algerian security sources\"."))
        .with(one("attributedToCountry", || &PLACE, citation::Column::AttributedToCountryId, "The country of sources without a name."))
        .with(dated("date", "date_", "date_edtf", "The dating that this source gives, where it differs."))
        .with(column("note", citation::Column::Note, "A note for other editors."))
});
