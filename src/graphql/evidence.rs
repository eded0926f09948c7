//! Mentions and citations: the declarations of their types.

use super::{
    ARTICLE, ENTITY, NODE, PARTICIPATION, PLACE, RELATION, entity_filter::ENTITY_FILTER, fuzzy_date::fuzzy_date_field,
    node::id,
};
use crate::store::read::{
    build::{any, column, expression, one},
    declare::{Enumeration, FilterKind, Scalar, Type, asc, desc},
    expression::{span_end, span_start},
    filter::{Predicate, Set, Test},
    filter_kind::{by_enumeration, by_id, required},
};
use entity::{
    Reference, citation, mention,
    vocabulary::{AnchorState, MentionClass, MentionOrigin, Modality, QuoteForm, TextField},
};
use std::sync::LazyLock;

const FIELDS: Enumeration = Enumeration::of::<TextField>();
const FIELD: Scalar = Scalar::Enumeration(FIELDS);
const ANCHORS: Enumeration = Enumeration::of::<AnchorState>();
const ANCHOR: Scalar = Scalar::Enumeration(ANCHORS);
const CLASSES: Enumeration = Enumeration::of::<MentionClass>();
const ORIGINS: Enumeration = Enumeration::of::<MentionOrigin>();
const FORMS: Enumeration = Enumeration::of::<QuoteForm>();
const MODALITIES: Enumeration = Enumeration::of::<Modality>();
const START: &str =
    "The start of the passage, in Unicode code points from the start of the text; null while `anchor` is ORPHANED.";
const END: &str = "The end of the passage: the position after its last code point; null while `anchor` is ORPHANED.";

pub static MENTION: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Mention", "mention", "A place in an article's text where an entity is named. Mentions may nest: \"Egyptian\" inside \"the Egyptian army\".")
        .implements(|| &NODE)
        .owned_by(&["article_id", "entity_id"])
        .default_order(vec![asc("article_id", Scalar::Id), desc("field", Scalar::Text), asc("span_start", Scalar::Int)])
        .with(id())
        .with(one("article", || &ARTICLE, mention::Column::ArticleId, "The article."))
        .with(any("entity", || &ENTITY, mention::Column::EntityId, Some("entity_kind"), "The entity that the passage names."))
        .with(any("meant", || &ENTITY, mention::Column::MeantId, Some("meant_kind"), "The entity that is meant, where it differs from the one that is named: Egypt where the text says Cairo."))
        .with(column("field", mention::Column::Field, "The text of the article that contains the passage.").is(FIELD))
        .with(expression("start", Scalar::Int, true, span_start, START))
        .with(expression("end", Scalar::Int, true, span_end, END))
        .with(column("text", mention::Column::Text, "The words of the passage."))
        .with(column("prefix", mention::Column::Prefix, "The 32 code points before the passage when it was last anchored, or as many as there were."))
        .with(column("suffix", mention::Column::Suffix, "The 32 code points after the passage when it was last anchored, or as many as there were."))
        .with(column("class", mention::Column::Class, "How the passage names the entity: by name, demonym or noun.").is(Scalar::Enumeration(CLASSES)))
        .with(column("origin", mention::Column::Origin, "Who or what created the mention.").is(Scalar::Enumeration(ORIGINS)))
        .with(column("anchor", mention::Column::Anchor, "Whether the passage is still in the text at its position.").is(ANCHOR))
        .filter("id", "By id.", by_id())
        .filter("article", "By article.", required(|| &ARTICLE, "article_id"))
        .filter(
            "entity",
            "By the entity that the passage names.",
            FilterKind::Entity { filters: || &ENTITY_FILTER, columns: &["entity_id"] },
        )
        .filter("class", "By how the passage names the entity.", by_enumeration(mention::Column::Class, CLASSES))
        .filter("origin", "By who or what created the mention.", by_enumeration(mention::Column::Origin, ORIGINS))
        .filter("anchor", "By whether the passage is still in the text.", by_enumeration(mention::Column::Anchor, ANCHORS))
        .filter("field", "By the text of the article.", by_enumeration(mention::Column::Field, FIELDS))
});

pub static CITATION: LazyLock<Type> = LazyLock::new(|| {
    Type::new("Citation", "citation", "Evidence: a passage of an article that supports an event, a participation, a relation, or a field of a record.")
        .implements(|| &NODE)
        .owned_by(&["article_id", "subject_id"])
        .part_of("participation_id", || &PARTICIPATION.table)
        .part_of("subject_id", || &RELATION.table)
        .default_order(vec![asc("position", Scalar::Int)])
        .with(id())
        .with(one("article", || &ARTICLE, citation::Column::ArticleId, "The article."))
        .with(any("subject", || &NODE, citation::Column::SubjectId, None, "What the passage supports.").or_row("participation_id", || &PARTICIPATION))
        .with(column("subjectField", citation::Column::SubjectField, "The field of the subject that the passage supports; null where it supports the whole."))
        .with(column("field", citation::Column::Field, "The text of the article that contains the passage.").is(FIELD))
        .with(column("quote", citation::Column::Quote, "The words of the passage."))
        .with(column("prefix", citation::Column::Prefix, "The 32 code points before the passage when it was last anchored, or as many as there were."))
        .with(column("suffix", citation::Column::Suffix, "The 32 code points after the passage when it was last anchored, or as many as there were."))
        .with(expression("start", Scalar::Int, true, span_start, START))
        .with(expression("end", Scalar::Int, true, span_end, END))
        .with(column("anchor", citation::Column::Anchor, "Whether the passage is still in the text at its position.").is(ANCHOR))
        .with(column("form", citation::Column::Form, "Whether the passage is a direct quotation or indirect speech.").is(Scalar::Enumeration(FORMS)))
        .with(column("modality", citation::Column::Modality, "How certain the source presents the statement: as fact, claim, plan and so on.").is(Scalar::Enumeration(MODALITIES)))
        .with(any("attributedTo", || &ENTITY, citation::Column::AttributedToId, Some("attributed_to_kind"), "The entity that makes the statement."))
        .with(column("attributedToText", citation::Column::AttributedToText, "The source in the words of the article, such as \"Algerian security sources\"."))
        .with(one("attributedToCountry", || &PLACE, citation::Column::AttributedToCountryId, "The country of an unnamed source."))
        .with(fuzzy_date_field("date", "date_", "date_edtf", "The date that this source gives, where it differs from the date of the subject."))
        .with(column("note", citation::Column::Note, "A note for other editors."))
        .filter("id", "By id.", by_id())
        .filter("article", "By article.", required(|| &ARTICLE, "article_id"))
        .filter("modality", "By how certain the source presents the statement.", by_enumeration(citation::Column::Modality, MODALITIES))
        .filter("form", "By form: direct or indirect speech.", by_enumeration(citation::Column::Form, FORMS))
        .filter(
            "anchor",
            "By whether the passage is still in the text. `ORPHANED` ones wait for an editor.",
            by_enumeration(citation::Column::Anchor, ANCHORS),
        )
        .filter(
            "attributedTo",
            "By the entity that makes the statement.",
            FilterKind::Entity { filters: || &ENTITY_FILTER, columns: &["attributed_to_id"] },
        )
        .filter("subject", "By the id or key of what the passage supports: a record or a participation.", FilterKind::Record(subject))
});

/// The subject is the participation, if there is one; else the record.
fn subject(ids: Set) -> Predicate {
    let participations = match &ids {
        Set::Records(records) => {
            records.iter().filter_map(|record| if let Reference::Id(id) = record { Some(id.0) } else { None }).collect()
        }
        Set::Ids(_) | Set::Texts(_) | Set::Values(_) => vec![],
    };
    Predicate::Any(vec![
        Predicate::Test("participation_id", Test::In(Set::Ids(participations))),
        Predicate::All(vec![
            Predicate::Test("participation_id", Test::IsNull(true)),
            Predicate::Test("subject_id", Test::In(ids)),
        ]),
    ])
}
