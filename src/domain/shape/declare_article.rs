//! The declaration of articles and their mentions.

use entity::vocabulary::{AnchorState, MentionClass, MentionOrigin, TextField};

use super::{
    Object, Shape, VocabularyShape,
    declare::{CONTEXT, ENTITY, FEW, HEADER, IMAGE, LINE, ORGANIZATION_ONLY, PERSON_ONLY, PLACE_ONLY, SAME_AS},
    optional, required,
};

pub(super) static TEXT_FIELD: VocabularyShape = VocabularyShape::of::<TextField>();
pub(super) static ANCHOR_STATE: VocabularyShape = VocabularyShape::of::<AnchorState>();
static MENTION_CLASS: VocabularyShape = VocabularyShape::of::<MentionClass>();
static MENTION_ORIGIN: VocabularyShape = VocabularyShape::of::<MentionOrigin>();

pub(super) static ARTICLE: Object = Object {
    name: "Article",
    doc: "A press article or another text that was published. Its texts are kept letter for letter.",
    fields: &[
        &[required("type", Shape::Constant("ARTICLE"), "What the record is.")],
        HEADER,
        &[
            required("headline", Shape::SourceLine(LINE), "The headline."),
            optional("abstract", Shape::SourceText(20_000), "The abstract."),
            optional("body", Shape::SourceText(1_000_000), "The body."),
            required("language", Shape::Language, "The language of its texts."),
            optional("publishedOn", Shape::Day, "The day of publication."),
            optional("url", Shape::Url, "Its own address, which no other article has."),
            IMAGE,
            optional("publisher", Shape::Reference(ORGANIZATION_ONLY), "The organization that published it."),
            optional("authors", Shape::List(&Shape::Reference(PERSON_ONLY), FEW), "The people who wrote it."),
            optional("dateline", Shape::Reference(PLACE_ONLY), "The place that it is dated from."),
            SAME_AS,
            optional("mentions", Shape::List(&Shape::Object(&MENTION), 100_000), "Where its texts name records."),
        ],
    ],
};

/// What a mention covers.
pub(crate) const MENTION_TEXT: Shape = Shape::SourceText(5_000);

static MENTION: Object = Object {
    name: "Mention",
    doc: "A place in an article's text where a record is named.",
    fields: &[
        &[
            optional("id", Shape::Id, "The mention's id; a new one is made where it is missing."),
            required("entity", Shape::Reference(ENTITY), "The record that is named."),
            optional(
                "meant",
                Shape::Reference(ENTITY),
                "The record that is meant, where it is another: a capital may stand for its country.",
            ),
            required("field", Shape::Vocabulary(&TEXT_FIELD), "The text that it is in."),
            required("start", Shape::Integer(0, 10_000_000), "Where it starts: a number of Unicode code points."),
            required("end", Shape::Integer(1, 10_000_000), "Where it ends, exclusive."),
            optional("text", MENTION_TEXT, "What stands there. If it is given it is compared."),
            optional("class", Shape::Vocabulary(&MENTION_CLASS), "How it names; NAME where it is not said."),
            optional("origin", Shape::Vocabulary(&MENTION_ORIGIN), "Who found it; IMPORT where it is not said."),
            optional(
                "anchor",
                Shape::Vocabulary(&ANCHOR_STATE),
                "Whether it still stands there; ANCHORED where it is not said.",
            ),
        ],
        CONTEXT,
    ],
};
