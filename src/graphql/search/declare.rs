//! The place of `search` in the schema.

use super::super::{RECORD, compiled};
use crate::store::read::declare::{Enumeration, Scalar, argument};
use async_graphql::registry::{MetaInputValue, Registry};
use entity::vocabulary::RecordType;

/// The description of the field.
pub(in crate::graphql) const DESCRIPTION: &str = "Full text over the names, descriptions and occupations of entities, and the headlines, abstracts \
    and bodies of articles, in Arabic, English and French; the best hits first. A record is found if it has all words. Forms of a word are found: \
    `ليبيا` finds `بليبيا` and `الليبية`, `meeting` finds `meetings`. `\"air strikes\"` finds words that follow one another, `afric*` words that \
    begin with these letters; `-cairo` leaves out records with this word. Letters are compared without case, marks and variants of Arabic letters. \
    Scores depend on how many records there are. If these grow by about a tenth between two pages, the next page may repeat hits or lack some.";

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
    ("SearchConnection!".to_owned(), arguments.map(|argument| compiled::meta_argument(registry, &argument)).collect())
}

fn register(registry: &mut Registry) {
    compiled::scalar(registry, Scalar::LanguageTag);
    let field = |name: &'static str, ty: &str, doc: &'static str| (name, ty.to_owned(), doc);
    compiled::plain_object(
        registry,
        "SearchHighlight",
        "A word that was found, with all letters that are written with it.".to_owned(),
        &[
            field("start", "Int!", "The first code point of the word in the text of the match."),
            field("end", "Int!", "The code point after the word."),
        ],
    );
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
            field("highlights", "[SearchHighlight!]!", "The words that were found, in the order of the text."),
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
    compiled::plain_object(
        registry,
        "SearchConnection",
        "A page of the hits of a search.".to_owned(),
        &[
            field("edges", "[SearchEdge!]!", "The hits of the page, with their cursors, scores and matches."),
            field("nodes", "[Record!]!", "The records of the page."),
            field("pageInfo", "PageInfo!", "Whether there are more hits, and the cursors of the page."),
            field("totalCount", "Int!", "The number of all hits."),
        ],
    );
}
