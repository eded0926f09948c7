//! The place of `search` in the schema.

use super::super::{ARTICLE, EVENT, ORGANIZATION, PERSON, PLACE, RECORD, compiled, suggest::highlight};
use crate::store::read::declare::{Enumeration, FilterKind, Scalar, Type, TypeRef, argument};
use async_graphql::registry::{MetaField, MetaInputValue, ObjectBuilder, Registry};
use entity::vocabulary::RecordType;
use std::sync::LazyLock;

/// The filters of a search: what the hits of each type must also satisfy.
pub(super) static SEARCH_WHERE: LazyLock<Type> = LazyLock::new(|| {
    let of = |target: TypeRef| FilterKind::WhereOfType { target, column: "record_id" };
    Type::new("Search", "search_document", "")
        .filter("article", "What an article must also satisfy.", of(|| &ARTICLE))
        .filter("place", "What a place must also satisfy.", of(|| &PLACE))
        .filter("organization", "What an organization must also satisfy.", of(|| &ORGANIZATION))
        .filter("person", "What a person must also satisfy.", of(|| &PERSON))
        .filter("event", "What an event must also satisfy.", of(|| &EVENT))
});

const FACETS: Enumeration = Enumeration {
    name: "SearchFacet",
    doc: "What the hits of a search can be counted by.",
    values: &[("TYPE", "The type of the record."), ("LANGUAGE", "The language of the article.")],
};

/// The description of the field.
pub(in crate::graphql) const DESCRIPTION: &str = "Full text over the names, descriptions and occupations of entities, and the headlines, abstracts \
    and bodies of articles, in Arabic, English and French; the best hits first. A record is found if it has all words. Forms of a word are found: \
    `ليبيا` finds `بليبيا` and `الليبية`, `meeting` finds `meetings`. `\"air strikes\"` finds words that follow one another, `afric*` words that \
    begin with these letters, and forms of them; `-cairo` leaves out records with this word. Letters are compared without case, marks and variants \
    of Arabic letters. Scores depend on how many records there are, how long they are, and how many have each word. Each number is rounded down \
    to a power of 1.1. If a write takes one over such a step between two pages, the next page may repeat hits or lack some.";

/// The name of the connection and the arguments of the field.
pub(in crate::graphql) fn declare(registry: &mut Registry) -> (String, Vec<MetaInputValue>) {
    compiled::interface(registry, &RECORD);
    register(registry);
    let arguments = [
        argument("query", Scalar::Text, "Words, phrases in quotation marks, prefixes with `*`, and words or phrases after `-`; at most 200 characters and 32 words.")
            .required(),
        argument("types", Scalar::Enumeration(Enumeration::of::<RecordType>()), "Only records of these types.").list(),
    ];
    let arguments = arguments.into_iter().chain(compiled::paging());
    let mut arguments: Vec<_> = arguments.map(|argument| compiled::meta_argument(registry, &argument)).collect();
    let mut only = compiled::where_argument(registry, &SEARCH_WHERE);
    only.description =
        Some("What the hits of each type must also satisfy. A type without a filter is not restricted.".to_owned());
    arguments.insert(2, only);
    ("SearchConnection!".to_owned(), arguments)
}

fn register(registry: &mut Registry) {
    compiled::scalar(registry, Scalar::LanguageTag);
    let field = |name: &'static str, ty: &str, doc: &'static str| (name, ty.to_owned(), doc);
    let highlight = highlight(registry);
    compiled::plain_object(
        registry,
        "SearchMatch",
        "A text of a record in which words of a query were found.".to_owned(),
        &[
            field(
                "field",
                "String!",
                "The field with the text: `name`, `headline`, `occupation`, `abstract`, `description` or `body`.",
            ),
            field("language", "LanguageTag!", "The language of the text; `und` where it is not known."),
            field(
                "text",
                "String!",
                "The text, or a part of at most 200 code points around the words that were found.",
            ),
            field(
                "highlights",
                &format!("[{highlight}!]!"),
                "The words that were found in the text of the match, each with all letters that are written with it, in their order.",
            ),
        ],
    );
    compiled::plain_object(
        registry,
        "SearchEdge",
        "A record that a search found, with its cursor, its score and where it was found.".to_owned(),
        &[
            field(
                "cursor",
                "String!",
                "The position of the edge in its list, for `after` and `before`. Clients must not interpret it.",
            ),
            field("node", "Record!", "The record."),
            field(
                "score",
                "Float!",
                "How well the record fits the query. Scores of different queries cannot be compared.",
            ),
            field("matches", "[SearchMatch!]!", "The texts in which words were found, the most important field first."),
        ],
    );
    register_connection(registry);
}

fn register_connection(registry: &mut Registry) {
    let plain = |name: &str, ty: &str, doc: &str| {
        let mut field = MetaField::new(name, ty);
        field.description = Some(doc.to_owned());
        field
    };
    let mut facets = plain(
        "facets",
        &format!("[{}!]!", compiled::facet_type(registry)),
        "How many hits there are of each type and in each language, in the order of `by`. The facet of types leaves out the argument `types`, that \
         of languages the filter `article.language`. Only articles have a language.",
    );
    let by = argument("by", Scalar::Enumeration(FACETS), "What to count by, each at most once.").list().required();
    let first = argument("first", Scalar::Int, "The maximum number of buckets of each facet, 0 to 100.").default("10");
    for argument in [by, first] {
        let argument = compiled::meta_argument(registry, &argument);
        facets.args.insert(argument.name.clone(), argument);
    }
    let fields = [
        plain("edges", "[SearchEdge!]!", "The hits of the page, with their cursors, scores and matches."),
        plain("nodes", "[Record!]!", "The records of the page."),
        plain("pageInfo", "PageInfo!", "Whether there are more hits, and the cursors of the page."),
        plain("totalCount", "Int!", "The number of all hits."),
        facets,
        plain(
            "didYouMean",
            "String",
            "The query with other spellings of the words that no record has: words of names that differ in one letter, or in two if they have at \
             least eight letters, or that sound alike, also in another script. Null where every word was found, a word has no other spelling, or \
             more than four words were not found.",
        ),
    ];
    let fields = fields.into_iter().map(|field| (field.name.clone(), field)).collect();
    let built = ObjectBuilder::new("SearchConnection", fields);
    let built = built.description(Some("A page of the hits of a search.".to_owned())).build();
    registry.types.insert("SearchConnection".to_owned(), built);
}
