//! The declaration of events, their places, participants and citations.

use entity::vocabulary::{EventKind, EventStatus, Modality, ParticipantRole, QuoteForm};

use super::{
    Object, Shape, VocabularyShape,
    declare::{ARTICLE_ONLY, CONTEXT, ENTITY, EVENT_ONLY, FEW, FUZZY_DATE, HEADER, LINE, PLACE_ONLY, THING},
    declare_article::{ANCHOR_STATE, TEXT_FIELD},
    optional, required,
};

static EVENT_KIND: VocabularyShape = VocabularyShape::of::<EventKind>();
static EVENT_STATUS: VocabularyShape = VocabularyShape::of::<EventStatus>();
static PARTICIPANT_ROLE: VocabularyShape = VocabularyShape::of::<ParticipantRole>();
static QUOTE_FORM: VocabularyShape = VocabularyShape::of::<QuoteForm>();
static MODALITY: VocabularyShape = VocabularyShape::of::<Modality>();

pub(super) static EVENT: Object = Object {
    name: "Event",
    doc: "Something that happened, goes on or is planned.",
    fields: &[
        &[required("type", Shape::Constant("EVENT"), "What the record is.")],
        HEADER,
        THING,
        &[
            required("kind", Shape::Vocabulary(&EVENT_KIND), "What kind of event it is."),
            optional("status", Shape::Vocabulary(&EVENT_STATUS), "How sure it is; REPORTED where it is not said."),
            optional(
                "officiallyConfirmed",
                Shape::Boolean,
                "Whether it was officially confirmed. False is an explicit no; absent says nothing.",
            ),
            optional("isRecurring", Shape::Boolean, "Whether it happens again and again; no where it is not said."),
            optional("date", Shape::Object(&FUZZY_DATE), "When it happened."),
            optional("partOf", Shape::Reference(EVENT_ONLY), "The event that it is a part of."),
            optional("places", Shape::List(&Shape::Object(&EVENT_PLACE), FEW), "Where it happened."),
            optional("participants", Shape::List(&Shape::Object(&PARTICIPATION), FEW), "Who took part."),
            optional("citations", Shape::List(&Shape::Object(&CITATION), FEW), "What supports it."),
        ],
    ],
};

static EVENT_PLACE: Object = Object {
    name: "EventPlace",
    doc: "A place of an event.",
    fields: &[&[
        required("place", Shape::Reference(PLACE_ONLY), "The place."),
        optional("description", Shape::Line(LINE), "Where about it, such as \"the east of\"."),
        optional("isCertain", Shape::Boolean, "Whether it is sure that it happened there; yes where it is not said."),
    ]],
};

static PARTICIPATION: Object = Object {
    name: "Participation",
    doc: "A participant of an event: a record, a described group, or both. One of participant and description is needed.",
    fields: &[&[
        optional("id", Shape::Id, "The participation's id; a new one is made where it is missing."),
        optional("participant", Shape::Reference(ENTITY), "The record that took part."),
        optional("description", Shape::Line(LINE), "Who took part, in words, such as \"21 Egyptians\"."),
        optional("count", Shape::Integer(1, i32::MAX as i64), "How many they were."),
        required("role", Shape::Vocabulary(&PARTICIPANT_ROLE), "The part that was played."),
        optional("citations", Shape::List(&Shape::Object(&CITATION), FEW), "What supports it."),
    ]],
};

pub(super) static CITATION: Object = Object {
    name: "Citation",
    doc: "A passage of an article that supports what its owner says.",
    fields: &[
        &[
            optional("id", Shape::Id, "The citation's id; a new one is made where it is missing."),
            required("article", Shape::Reference(ARTICLE_ONLY), "The article."),
            optional("field", Shape::Vocabulary(&TEXT_FIELD), "The text that is quoted; BODY where it is not said."),
            required(
                "quote",
                Shape::SourceText(5_000),
                "The passage, letter for letter. Without start it has to occur exactly once.",
            ),
            optional("start", Shape::Integer(0, 10_000_000), "Where it starts: a number of Unicode code points."),
            optional("end", Shape::Integer(1, 10_000_000), "Where it ends, exclusive. It follows from the rest."),
            optional(
                "anchor",
                Shape::Vocabulary(&ANCHOR_STATE),
                "Whether it still stands there; ANCHORED where it is not said. An ORPHANED one is not looked up.",
            ),
        ],
        CONTEXT,
        &[
            optional(
                "lastStart",
                Shape::Integer(0, 10_000_000),
                "Where an ORPHANED one started when it was last anchored.",
            ),
            optional("form", Shape::Vocabulary(&QUOTE_FORM), "How the article puts it; INDIRECT where it is not said."),
            optional("modality", Shape::Vocabulary(&MODALITY), "How the source puts it; FACT where it is not said."),
            optional("attributedTo", Shape::Reference(ENTITY), "Who is said to have said it."),
            optional("attributedToText", Shape::SourceLine(LINE), "The same in the words of the article."),
            optional("attributedToCountry", Shape::Reference(PLACE_ONLY), "The country of that source."),
            optional("date", Shape::Object(&FUZZY_DATE), "The dating that this source gives, if it differs."),
            optional("note", Shape::Prose(2_000), "A remark of the editor."),
            optional("subjectField", Shape::Line(LINE), "The field of the owner that it supports, such as date."),
        ],
    ],
};
