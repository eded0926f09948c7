//! The rows of `suggest`: the names that have what was typed.

use super::{
    declare::Arguments,
    expression::texts,
    filter::Bound,
    sql::builder::{Row, Sql, col, literal, name, scalar},
};
use entity::vocabulary::{NameKind, RecordType, Vocabulary as _};
use sea_orm::sea_query::{Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement, UnionType};

/// How many names of each type are compared, in the order of their words.
const MAX_NAMES: u64 = 200;
/// How many records of each type are compared as well, those that most articles mention.
const MAX_LINKED: u64 = 200;
/// How many names that have one of several typed words are searched for the others.
const MAX_SEARCHED: u64 = 2_000;
/// How many rows such a list usually looks at, for its cost.
pub const SUGGESTION_ROWS: u64 = MAX_NAMES + MAX_LINKED;
/// After all letters that can follow a prefix, in the order of bytes.
pub(super) const LAST: char = char::MAX;

/// The arguments of [`suggestions`].
#[must_use]
pub fn arguments(kinds: &[String], whole: &[String], prefix: &str) -> Arguments {
    let mut arguments = Arguments::new();
    arguments.insert("kinds".to_owned(), kinds.into());
    arguments.insert("whole".to_owned(), whole.into());
    arguments.insert("prefix".to_owned(), prefix.into());
    arguments
}

/// The records that have these words in one name, each with the first such name. The columns are `id`, `kind`, `links`, `name_key`,
/// `name_text`, `name_language` and `name_kind`.
#[must_use]
pub fn suggestions(sql: &Sql, _: &Row, arguments: &Arguments) -> SelectStatement {
    let kinds = texts(arguments, "kinds");
    let typed = Typed {
        sql,
        whole: texts(arguments, "whole"),
        prefix: arguments.get("prefix").and_then(|prefix| prefix.as_str()).unwrap_or_default(),
    };
    let is_wanted = |kind: &&RecordType| kinds.iter().any(|wanted| wanted == kind.as_str());
    let mut found = RecordType::ALL.iter().filter(is_wanted).map(|kind| typed.records_of_kind(*kind));
    let mut all = found.next().unwrap_or_else(|| {
        let mut none = typed.records_of_kind(RecordType::Place);
        none.and_where(Expr::cust("1 = 0"));
        none
    });
    for records in found {
        all.union(UnionType::All, records);
    }
    all
}

/// What was typed.
struct Typed<'a> {
    sql: &'a Sql,
    /// The whole words.
    whole: Vec<String>,
    /// The beginning of another word.
    prefix: &'a str,
}

impl Typed<'_> {
    /// The records of a type that have the words.
    fn records_of_kind(&self, kind: RecordType) -> SelectStatement {
        let first = Query::select()
            .expr_as(col("f", "record_id"), name("record_id"))
            .expr_as(Expr::from(Func::min(col("f", "position"))), name("position"))
            .from_subquery(self.names_of_kind(kind), name("f"))
            .group_by_col((name("f"), name("record_id")))
            .take();
        let same = |alias: &str, column: &str| col(alias, column).equals((name("g"), name("record_id")));
        let mut records = Query::select();
        records
            .expr_as(col("r", "id"), name("id"))
            .expr_as(col("r", "kind"), name("kind"))
            .from_subquery(first, name("g"))
            .join_as(JoinType::InnerJoin, name("record"), name("r"), same("r", "id"));
        if kind == RecordType::Article {
            records
                .expr_as(Expr::cust("0"), name("links"))
                .expr_as(col("n", "headline_key"), name("name_key"))
                .expr_as(col("n", "headline"), name("name_text"))
                .expr_as(col("n", "language"), name("name_language"))
                .expr_as(literal(NameKind::Main.as_str()), name("name_kind"))
                .join_as(JoinType::InnerJoin, name("article"), name("n"), same("n", "id"));
        } else {
            let same_name = same("n", "record_id").and(col("n", "position").equals((name("g"), name("position"))));
            records
                .expr_as(col("r", "article_count"), name("links"))
                .expr_as(col("n", "text_key"), name("name_key"))
                .expr_as(col("n", "text"), name("name_text"))
                .expr_as(col("n", "language"), name("name_language"))
                .expr_as(col("n", "kind"), name("name_kind"))
                .join_as(JoinType::InnerJoin, name("record_name"), name("n"), same_name);
        }
        records
    }

    /// The names of records of a type that have the words: id and place of the name.
    fn names_of_kind(&self, kind: RecordType) -> SelectStatement {
        let mut names = match self.whole.iter().max_by_key(|word| word.chars().count()) {
            None => in_subquery(Self::names_with(kind, self.begins("w"), MAX_NAMES)),
            // Either word may be the rare one.
            Some(longest) => {
                let is_longest = col("w", "word").eq(self.bind(longest));
                let mut names = self.with_all_words(Self::names_with(kind, is_longest, MAX_SEARCHED));
                let others = self.with_all_words(Self::names_with(kind, self.begins("w"), MAX_SEARCHED));
                names.union(UnionType::All, others);
                names
            }
        };
        // No article mentions articles.
        if kind != RecordType::Article {
            names.union(UnionType::All, self.with_all_words(self.names_of_linked(kind)));
        }
        names
    }

    /// The names of the records of a type that most articles mention, if they have a word that begins as typed.
    fn names_of_linked(&self, kind: RecordType) -> SelectStatement {
        let linked = Query::select()
            .column((name("r"), name("id")))
            .from_as(name("record"), name("r"))
            .and_where(col("r", "kind").eq(literal(kind.as_str())))
            .and_where(col("r", "article_count").gt(Expr::cust("0")))
            .order_by((name("r"), name("article_count")), Order::Desc)
            .order_by((name("r"), name("id")), Order::Desc)
            .limit(MAX_LINKED)
            .take();
        Query::select()
            .columns([(name("w"), name("record_id")), (name("w"), name("position"))])
            .from_subquery(linked, name("m"))
            .join_as(
                JoinType::InnerJoin,
                name("name_word"),
                name("w"),
                col("w", "record_id").equals((name("m"), name("id"))),
            )
            .and_where(self.begins("w"))
            .take()
    }

    /// The first names with a word, in the order of the words.
    fn names_with(kind: RecordType, has_word: Expr, most: u64) -> SelectStatement {
        Query::select()
            .columns([(name("w"), name("record_id")), (name("w"), name("position"))])
            .from_as(name("name_word"), name("w"))
            .and_where(col("w", "kind").eq(literal(kind.as_str())))
            .and_where(has_word)
            .order_by((name("w"), name("word")), Order::Asc)
            .order_by((name("w"), name("record_id")), Order::Asc)
            .order_by((name("w"), name("position")), Order::Asc)
            .limit(most)
            .take()
    }

    /// Those of these names that have all typed words.
    fn with_all_words(&self, names: SelectStatement) -> SelectStatement {
        if self.whole.is_empty() {
            return in_subquery(names);
        }
        let words = || {
            let mut words = Query::select();
            words
                .from_as(name("name_word"), name("o"))
                .and_where(col("o", "record_id").equals((name("s"), name("record_id"))))
                .and_where(col("o", "position").equals((name("s"), name("position"))));
            words
        };
        let has_prefix = words().expr(Expr::cust("1")).and_where(self.begins("o")).take();
        let is_whole = self.sql.dialect.among_texts(col("o", "word"), &self.whole);
        let count = words().expr(Expr::cust("count(*)")).and_where(is_whole).take();
        let whole = i64::try_from(self.whole.len()).unwrap_or(i64::MAX);
        Query::select()
            .columns([(name("s"), name("record_id")), (name("s"), name("position"))])
            .from_subquery(names, name("s"))
            .and_where(Expr::exists(has_prefix))
            .and_where(scalar(count).eq(self.sql.bind(&Bound::Int(whole))))
            .take()
    }

    /// Whether a word begins as typed.
    fn begins(&self, alias: &str) -> Expr {
        let after = format!("{}{LAST}", self.prefix);
        col(alias, "word").gte(self.bind(self.prefix)).and(col(alias, "word").lt(self.bind(&after)))
    }

    fn bind(&self, text: &str) -> Expr {
        self.sql.bind(&Bound::Text(text.to_owned()))
    }
}

/// The same names: SQLite allows a limit of a part of a union only in a subquery.
fn in_subquery(names: SelectStatement) -> SelectStatement {
    Query::select()
        .columns([(name("s"), name("record_id")), (name("s"), name("position"))])
        .from_subquery(names, name("s"))
        .take()
}
