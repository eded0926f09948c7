//! The declarations of what records share, and of places, organizations, people, relations and revisions.

use entity::vocabulary::{
    NameKind, Operation, OrganizationKind, PlaceKind, RecordKind, RelationKind, TemporalRelation,
};

use super::{
    Field, Object, Shape, VocabularyShape, declare_article::ARTICLE, declare_event::CITATION, declare_event::EVENT,
    optional, required,
};

/// The most characters of a name, a headline, an address or another line.
pub(super) const LINE: usize = 300;
/// The most items of a list that people write by hand.
pub(super) const FEW: usize = 1_000;

/// The highest version of a record.
pub(crate) const LAST_VERSION: i32 = 1_000_000_000;
/// The last place in the history: the highest whole number that every reader of JSON keeps exactly.
pub(crate) const LAST_POSITION: i64 = 1 << 53;

/// The kinds that each field may refer to.
pub(crate) const ENTITY: &[RecordKind] =
    &[RecordKind::Place, RecordKind::Organization, RecordKind::Person, RecordKind::Event];
pub(crate) const PLACE_ONLY: &[RecordKind] = &[RecordKind::Place];
pub(crate) const ORGANIZATION_ONLY: &[RecordKind] = &[RecordKind::Organization];
pub(crate) const PERSON_ONLY: &[RecordKind] = &[RecordKind::Person];
pub(crate) const EVENT_ONLY: &[RecordKind] = &[RecordKind::Event];
pub(crate) const ARTICLE_ONLY: &[RecordKind] = &[RecordKind::Article];
pub(crate) const DATED: &[RecordKind] = &[RecordKind::Event, RecordKind::Article];
pub(crate) const ANY_RECORD: &[RecordKind] = &[
    RecordKind::Article,
    RecordKind::Place,
    RecordKind::Organization,
    RecordKind::Person,
    RecordKind::Event,
    RecordKind::Relation,
];

/// The declaration of a kind of record.
#[must_use]
pub fn of_kind(kind: RecordKind) -> &'static Object {
    match kind {
        RecordKind::Article => &ARTICLE,
        RecordKind::Place => &PLACE,
        RecordKind::Organization => &ORGANIZATION,
        RecordKind::Person => &PERSON,
        RecordKind::Event => &EVENT,
        RecordKind::Relation => &RELATION,
    }
}

pub(super) const HEADER: &[Field] = &[
    optional("id", Shape::Id, "The record's id, a UUID. An id or a key is needed."),
    optional("key", Shape::Key, "A stable name of your own, unique over all kinds."),
    optional(
        "version",
        Shape::Integer(1, LAST_VERSION as i64),
        "How often the record was changed, its making included. Where the stored record has a higher one, a change is refused.",
    ),
    optional("createdAt", Shape::Time, "When the record was made."),
    optional("updatedAt", Shape::Time, "When the record was last changed."),
    optional("deletedAt", Shape::Time, "When the record was put into the bin; absent where it is not there."),
    optional("mergedIds", Shape::List(&Shape::Id, FEW), "The ids that were merged into the record and lead to it."),
    optional(
        "mergedInto",
        Shape::Id,
        "The id of the record that this one was merged into. That record has this one's id among its mergedIds.",
    ),
];

pub(super) const SAME_AS: Field =
    optional("sameAs", Shape::List(&Shape::Url, FEW), "The same thing elsewhere. An address leads to one record only.");

pub(super) const IMAGE: Field = optional("image", Shape::Url, "The address of a picture.");

pub(super) static THING: &[Field] = &[
    required("name", Shape::Line(LINE), "The main name."),
    optional(
        "language",
        Shape::Language,
        "The language of the main name; else that of the entry in names with the same text, else und.",
    ),
    optional(
        "names",
        Shape::List(&Shape::Object(&NAME), FEW),
        "The other names. The main name is not repeated; other languages may have a main name each.",
    ),
    optional(
        "descriptions",
        Shape::List(&Shape::Object(&DESCRIPTION), FEW),
        "A few sentences, one entry for each language.",
    ),
    SAME_AS,
    IMAGE,
];

static NAME: Object = Object {
    name: "Name",
    doc: "One name in one language.",
    fields: &[&[
        required("text", Shape::Line(LINE), "The name."),
        required("language", Shape::Language, "Its language; und where none is known."),
        optional("kind", Shape::Vocabulary(&NAME_KIND), "What it is to the thing; ALIAS where it is not said."),
    ]],
};
static NAME_KIND: VocabularyShape = VocabularyShape::of::<NameKind>();

static DESCRIPTION: Object = Object {
    name: "Description",
    doc: "A description in one language.",
    fields: &[&[
        required("text", Shape::Prose(5_000), "The description."),
        required("language", Shape::Language, "Its language."),
    ]],
};

static PLACE_KIND: VocabularyShape = VocabularyShape::of::<PlaceKind>();
static PLACE: Object = Object {
    name: "Place",
    doc: "A place on earth.",
    fields: &[
        &[required("type", Shape::Constant("PLACE"), "What the record is.")],
        HEADER,
        THING,
        &[
            required("kind", Shape::Vocabulary(&PLACE_KIND), "What kind of place it is."),
            optional("countryCode", Shape::CountryCode, "The ISO 3166-1 alpha-2 code."),
            optional("location", Shape::Object(&LOCATION), "Where it is."),
            optional("population", Shape::Number(0.0, 1e12), "How many people live there."),
            optional("containedIn", Shape::Reference(PLACE_ONLY), "The place that directly contains it."),
        ],
    ],
};

static LOCATION: Object = Object {
    name: "Location",
    doc: "A point on earth, in degrees (WGS 84).",
    fields: &[&[
        required("latitude", Shape::Number(-90.0, 90.0), "Degrees north."),
        required("longitude", Shape::Number(-180.0, 180.0), "Degrees east."),
    ]],
};

static ORGANIZATION_KIND: VocabularyShape = VocabularyShape::of::<OrganizationKind>();
static ORGANIZATION: Object = Object {
    name: "Organization",
    doc: "An organization of people.",
    fields: &[
        &[required("type", Shape::Constant("ORGANIZATION"), "What the record is.")],
        HEADER,
        THING,
        &[
            required("kind", Shape::Vocabulary(&ORGANIZATION_KIND), "What kind of organization it is."),
            optional("parent", Shape::Reference(ORGANIZATION_ONLY), "The organization that it is directly a part of."),
            optional("headquarters", Shape::Reference(PLACE_ONLY), "The place of its seat."),
            optional("country", Shape::Reference(PLACE_ONLY), "The country that it belongs to."),
            optional("founded", Shape::Object(&FUZZY_DATE), "When it was founded."),
            optional("dissolved", Shape::Object(&FUZZY_DATE), "When it was dissolved."),
        ],
    ],
};

static PERSON: Object = Object {
    name: "Person",
    doc: "A person.",
    fields: &[
        &[required("type", Shape::Constant("PERSON"), "What the record is.")],
        HEADER,
        THING,
        &[
            optional("born", Shape::Object(&FUZZY_DATE), "When the person was born."),
            optional("died", Shape::Object(&FUZZY_DATE), "When the person died."),
            optional("occupation", Shape::Line(LINE), "What the person does or did, in a few words."),
            optional(
                "nationalities",
                Shape::List(&Shape::Reference(PLACE_ONLY), FEW),
                "The countries of which the person is a national.",
            ),
        ],
    ],
};

static RELATION_KIND: VocabularyShape = VocabularyShape::of::<RelationKind>();
static RELATION: Object = Object {
    name: "Relation",
    doc: "A relation between two records: read \"source kind target\".",
    fields: &[
        &[required("type", Shape::Constant("RELATION"), "What the record is.")],
        HEADER,
        &[
            required("source", Shape::Reference(ENTITY), "The record that it starts from."),
            required("kind", Shape::Vocabulary(&RELATION_KIND), "What the source is to the target."),
            required("target", Shape::Reference(ENTITY), "The record that it leads to."),
            optional("description", Shape::Line(LINE), "What the relation is, in words."),
            optional(
                "isSymmetric",
                Shape::Boolean,
                "Whether it holds both ways. Where it is not said, BORDERS, ALLY_OF, COOPERATES_WITH, OPPOSES and RELATIVE_OF do.",
            ),
            optional("since", Shape::Object(&FUZZY_DATE), "Since when it holds."),
            optional("until", Shape::Object(&FUZZY_DATE), "Until when it holds."),
            optional("citations", Shape::List(&Shape::Object(&CITATION), FEW), "What supports it."),
        ],
    ],
};

/// What a mention and a citation keep to be found again, as the text was when they were last anchored.
pub(super) const CONTEXT: &[Field] = &[
    optional(
        "prefix",
        Shape::SourcePart(32),
        "The 32 characters before it when it was last anchored, or as many as there were. Worked out where it is missing.",
    ),
    optional("suffix", Shape::SourcePart(32), "The same behind it."),
    optional(
        "hasTwin",
        Shape::Boolean,
        "Whether the same words stood elsewhere in that text; no where it is not said.",
    ),
];

pub(super) static FUZZY_DATE: Object = Object {
    name: "FuzzyDate",
    doc: "A date that need not be exact. It has edtf, or relative, or both: then edtf is asserted and kept.",
    fields: &[&[
        optional(
            "edtf",
            Shape::Edtf,
            "The date in EDTF (ISO 8601-2:2019), such as 2015-02~, 2014/.. or [2015-02-16,2015-02-17].",
        ),
        optional("original", Shape::SourceLine(LINE), "The words of the source."),
        optional(
            "relative",
            Shape::Object(&RELATIVE_DATE),
            "How it stands to another record's date. Without edtf the date is worked out from there.",
        ),
        optional(
            "resolved",
            Shape::Edtf,
            "What a relative date without edtf comes to. It is written on export, and worked out anew on import.",
        ),
    ]],
};

static TEMPORAL_RELATION: VocabularyShape = VocabularyShape::of::<TemporalRelation>();
static RELATIVE_DATE: Object = Object {
    name: "RelativeDate",
    doc: "A date relative to that of an event, or to the day of publication of an article.",
    fields: &[&[
        required("anchor", Shape::Reference(DATED), "The event or article."),
        required("relation", Shape::Vocabulary(&TEMPORAL_RELATION), "How it stands to the anchor."),
        optional("duration", Shape::Duration, "How far from it: an ISO 8601 duration, such as P1W."),
        optional("isApproximate", Shape::Boolean, "Whether that distance is approximate; no where it is not said."),
    ]],
};

static OPERATION: VocabularyShape = VocabularyShape::of::<Operation>();

/// The declaration of a line of the history.
pub static REVISION: Object = Object {
    name: "Revision",
    doc: "One change of one record, as an export with history writes it.",
    fields: &[&[
        required("type", Shape::Constant("REVISION"), "What the line is."),
        required("id", Shape::Id, "The revision's id."),
        required("record", Shape::Reference(ANY_RECORD), "The record."),
        required("version", Shape::Integer(1, LAST_VERSION as i64), "The version that the change led to."),
        required("position", Shape::Integer(1, LAST_POSITION), "The place in the history of all records."),
        optional("cause", Shape::Id, "The revision of the change that this one is a part or a consequence of."),
        required("operation", Shape::Vocabulary(&OPERATION), "What was done."),
        required("actor", Shape::Line(LINE), "Who did it."),
        required("at", Shape::Time, "When."),
        optional("summary", Shape::Prose(5_000), "Why, in the words of the actor."),
        required("changes", Shape::List(&Shape::Object(&FIELD_CHANGE), FEW), "What was changed."),
        optional("snapshot", Shape::Any, "The record as it then was, with references by id."),
    ]],
};

static FIELD_CHANGE: Object = Object {
    name: "FieldChange",
    doc: "One field of a record, before and after.",
    fields: &[&[
        required("field", Shape::Line(LINE), "The field, as the document calls it."),
        optional("before", Shape::Any, "What it held; null where it held nothing."),
        optional("after", Shape::Any, "What it holds; null where it holds nothing."),
    ]],
};
