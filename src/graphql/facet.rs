//! Facets: how many items of a list have each value.

use super::compiled::{self, meta_argument};
use crate::store::read::declare::{Scalar, argument};
use async_graphql::registry::{MetaField, ObjectBuilder, Registry};

/// A selected field of a facet.
pub(super) enum FacetPart {
    TypeName,
    By,
    Total,
    Missing,
    Buckets(Vec<(String, BucketField)>),
}

/// A selected field of a bucket.
pub(super) enum BucketField {
    TypeName,
    Value,
    /// In the first of these languages that has one.
    Label(Vec<String>),
    Record,
    Count,
    IsSelected,
}

/// Registers the types of facets.
pub(super) fn register(registry: &mut Registry) {
    let field = |name: &'static str, ty: &str, doc: &'static str| (name, ty.to_owned(), doc);
    compiled::plain_object(
        registry,
        "Facet",
        "How many items of a list have each value. What `where` says at its top about the same value is left out, so that a user can choose \
         several values."
            .to_owned(),
        &[
            field("by", "String!", "What the items are counted by."),
            field("total", "Int!", "The number of different values."),
            field("missing", "Int!", "The number of items without a value."),
            field("buckets", "[FacetBucket!]!", "The values, the most frequent first."),
        ],
    );
    if registry.types.contains_key("FacetBucket") {
        return;
    }
    let languages = argument("languages", Scalar::LanguageTag, "The wanted languages, best first.").list();
    let mut label = MetaField::new("label", "String!");
    label.description = Some("A name of the value for readers; the value itself where it has none.".to_owned());
    let languages = meta_argument(registry, &languages);
    label.args.insert(languages.name.clone(), languages);
    let plain = |name: &str, ty: &str, doc: &str| {
        let mut field = MetaField::new(name, ty);
        field.description = Some(doc.to_owned());
        field
    };
    let fields = [
        plain("value", "String!", "The value: the id of a record, a value of an enumeration, or a word."),
        label,
        plain("record", "Record", "The record that is the value, if it is one."),
        plain("count", "Int!", "The number of items with this value."),
        plain("isSelected", "Boolean!", "Whether `where` or another argument asks for this value."),
    ];
    let fields = fields.into_iter().map(|field| (field.name.clone(), field)).collect();
    let bucket = ObjectBuilder::new("FacetBucket", fields).description(Some("A value of a facet.".to_owned())).build();
    registry.types.insert("FacetBucket".to_owned(), bucket);
}
