//! The differences between the two databases in SQL: JSON quoting, aggregation, sets, the format of times, and binding.
//! Two places outside differ as well: the list of ids in `sql::root`, and the changes of a revision in `expression`.

use super::{comparison::Bound, scalar::Scalar};
use sea_orm::sea_query::{
    ArrayType, CaseStatement, Expr, ExprTrait, Func, PostgresQueryBuilder, QueryBuilder, SelectStatement, SqlWriter,
    SqliteQueryBuilder, Value,
};
use std::fmt::{self, Write};
use uuid::Uuid;

/// Which database a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Dialect {
    Postgres,
    Sqlite,
}

impl Dialect {
    /// A custom expression with one argument, whose place `@` marks.
    pub(super) fn with(self, text: &str, argument: Expr) -> Expr {
        let mark = if self == Self::Sqlite { "?" } else { "$1" };
        Expr::cust_with_exprs(text.replace('@', mark), [argument])
    }
    /// Text as a JSON string.
    #[must_use]
    pub fn quote(self, text: Expr) -> Expr {
        match self {
            Self::Sqlite => Func::cust("json_quote").arg(text).into(),
            Self::Postgres => self.cast_text(Func::cust("to_json").arg(text).into()),
        }
    }
    /// A number, an id or a date as text.
    #[must_use]
    pub fn cast_text(self, value: Expr) -> Expr {
        value.cast_as("text")
    }
    /// A floating-point number as text, without loss of precision.
    #[must_use]
    pub fn float_text(self, value: Expr) -> Expr {
        match self {
            Self::Sqlite => {
                // printf turns null into zero
                let printed = self.with("printf('%!.17g', @)", value.clone());
                CaseStatement::new().case(value.is_not_null(), printed).into()
            }
            Self::Postgres => self.cast_text(value),
        }
    }
    /// An id as text.
    #[must_use]
    pub fn id_text(self, id: Expr) -> Expr {
        if self == Self::Sqlite { id } else { self.cast_text(id) }
    }
    /// A date as RFC 3339.
    #[must_use]
    pub fn date_text(self, date: Expr) -> Expr {
        if self == Self::Sqlite {
            return date;
        }
        // the year 0, which Postgres calls 1 BC
        let early = self.with("to_char(@, '\"0000\"-MM-DD')", date.clone());
        let is_early = date.clone().lt(Expr::cust("'0001-01-01'"));
        CaseStatement::new().case(is_early, early).finally(self.cast_text(date)).into()
    }
    /// A time as RFC 3339 in UTC, to the millisecond.
    #[must_use]
    pub fn time_text(self, time: Expr) -> Expr {
        match self {
            Self::Sqlite => self.with("strftime('%Y-%m-%dT%H:%M:%fZ', @)", time),
            Self::Postgres => self.with("to_char(@ at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')", time),
        }
    }
    /// The texts of all rows, separated by commas; `how` is an ORDER BY clause or empty.
    #[must_use]
    pub fn joined(self, text: Expr, how: &str) -> Expr {
        let function = if self == Self::Sqlite { "group_concat" } else { "string_agg" };
        self.with(&format!("{function}(@, ','{how})"), text)
    }
    /// An aggregate over the rows that match `condition` (SQL without values).
    #[must_use]
    pub fn filtered(self, aggregate: Expr, condition: &str) -> Expr {
        self.with(&format!("@ filter (where {condition})"), aggregate)
    }
    /// `max(value)` over the rows that match `condition`.
    #[must_use]
    pub fn only(self, value: Expr, condition: &str) -> Expr {
        self.with(&format!("max(@) filter (where {condition})"), value)
    }
    /// Whether a text with a space before it contains another.
    #[must_use]
    pub fn contains(self, text: Expr, part: Expr) -> Expr {
        match self {
            Self::Sqlite => Expr::cust_with_exprs("instr(' ' || ?, ?) > 0", [text, part]),
            Self::Postgres => Expr::cust_with_exprs("strpos(' ' || $1, $2) > 0", [text, part]),
        }
    }
    /// Whether a row of `record_gram`, with these columns, has all of these grams, which have a space between two.
    #[must_use]
    pub fn has_grams(self, column: impl Fn(&'static str) -> Expr, grams: &str) -> Expr {
        let grams = Expr::val(grams);
        match self {
            Self::Sqlite => Expr::cust_with_exprs(
                "? in (select rowid from record_gram_index where record_gram_index match ?)",
                [column("number"), grams],
            ),
            // the same expression as in the index
            Self::Postgres => {
                Expr::cust_with_exprs("string_to_array($1, ' ') @> string_to_array($2, ' ')", [column("grams"), grams])
            }
        }
    }
    /// Whether a condition is false or null.
    #[must_use]
    pub fn not_true(self, condition: Expr) -> Expr {
        self.with("(@) is not true", condition)
    }
    /// Whether an id is in a list. The list is one parameter.
    #[must_use]
    pub fn among_ids(self, subject: Expr, ids: &[Uuid]) -> Expr {
        match self {
            Self::Postgres => in_array(subject, ArrayType::Uuid, ids.iter().map(|id| (*id).into()).collect()),
            Self::Sqlite => in_json(subject, &serde_json::json!(ids)),
        }
    }
    /// Whether a text is in a list. The list is one parameter.
    #[must_use]
    pub fn among_texts(self, subject: Expr, texts: &[String]) -> Expr {
        match self {
            Self::Postgres => in_array(subject, ArrayType::String, texts.iter().map(|t| t.clone().into()).collect()),
            Self::Sqlite => in_json(subject, &serde_json::json!(texts)),
        }
    }
    /// Whether a number is in a list, which is one parameter.
    #[must_use]
    pub fn among_numbers(self, subject: Expr, list: Expr) -> Expr {
        match self {
            Self::Postgres => Expr::cust_with_exprs("$1 = any(cast(cast($2 as text) as integer[]))", [subject, list]),
            Self::Sqlite => Expr::cust_with_exprs("? in (select value from json_each(?))", [subject, list]),
        }
    }
    /// The place of a text in a list, from the first one on; null where it is not there. The list is one parameter.
    #[must_use]
    pub fn place_in(self, subject: Expr, texts: &[String]) -> Expr {
        match self {
            Self::Postgres => {
                let texts = texts.iter().map(|text| text.clone().into()).collect();
                let list = Expr::val(Value::Array(ArrayType::String, Some(Box::new(texts))));
                Expr::cust_with_exprs("array_position($1, $2)", [list, subject])
            }
            Self::Sqlite => {
                let list = Expr::val(serde_json::json!(texts).to_string());
                Expr::cust_with_exprs("(select j.key from json_each(?) j where j.value = ?)", [list, subject])
            }
        }
    }
    /// A text that is ordered byte by byte.
    #[must_use]
    pub fn byte_order(self, text: Expr) -> Expr {
        if self == Self::Sqlite { text } else { self.with("@ collate \"C\"", text) }
    }
    /// A value by which rows are grouped without an index in its order: SQLite prefers such an index, and then looks up each row.
    #[must_use]
    pub fn without_index(self, value: Expr) -> Expr {
        if self == Self::Sqlite { self.with("+@", value) } else { value }
    }
    /// A sort key of rows of which a filter leaves few: no index in its order is followed. Postgres expects to find the rows of a page
    /// early in that index, and then looks at most of the table.
    #[must_use]
    pub fn sorted_after_filter(self, key: Expr, scalar: Scalar) -> Expr {
        match (self, scalar) {
            (Self::Postgres, Scalar::Text) => self.with("@ || ''", key),
            (Self::Postgres, Scalar::Int | Scalar::Float) => self.with("@ + 0", key),
            (Self::Postgres, Scalar::DateTime) => self.with("@ + interval '0'", key),
            _ => key,
        }
    }
    /// The number of different values.
    #[must_use]
    pub fn distinct_count(self, value: Expr) -> Expr {
        self.with("count(distinct @)", value)
    }
    /// A value as a parameter.
    #[must_use]
    pub fn bind(self, bound: &Bound) -> Expr {
        let lite = self == Self::Sqlite;
        match bound {
            Bound::Id(id) if lite => Expr::val(id.to_string()),
            Bound::Id(id) => Expr::val(*id),
            Bound::Text(text) => Expr::val(text.as_str()),
            Bound::Int(n) => Expr::val(*n),
            Bound::Float(n) => Expr::val(*n),
            Bound::Boolean(is) => Expr::val(*is),
            Bound::Date(date) if lite => Expr::val(date.to_string()),
            Bound::Date(date) => Expr::val(*date),
            // the format in which SQLite stores times, so that texts compare as times do
            Bound::Time(time) if lite => Expr::val(crate::store::sqlite::time_text(time)),
            Bound::Time(time) => Expr::val(*time),
        }
    }
    /// The statement's text and its parameters.
    #[must_use]
    pub fn write(self, select: &SelectStatement) -> (String, Vec<Value>) {
        let mut out = StableText::default();
        match self {
            Self::Sqlite => select.build_collect_into(SqliteQueryBuilder, &mut out),
            Self::Postgres => select.build_collect_into(PostgresQueryBuilder, &mut out),
        }
        (out.sql, out.values)
    }
}

fn in_array(subject: Expr, kind: ArrayType, values: Vec<Value>) -> Expr {
    Expr::cust_with_exprs("$1 = any($2)", [subject, Expr::val(Value::Array(kind, Some(Box::new(values))))])
}

fn in_json(subject: Expr, list: &serde_json::Value) -> Expr {
    Expr::cust_with_exprs("? in (select value from json_each(?))", [subject, Expr::val(list.to_string())])
}

/// Writes the same text for the same plan, so that statements stay prepared. Each value is a parameter, equal ones as well. Page
/// sizes are written into the text: with a bound LIMIT, Postgres keeps custom plans and SQLite prepares again at each
/// run.
#[derive(Default)]
struct StableText {
    sql: String,
    values: Vec<Value>,
}

impl Write for StableText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.sql.push_str(text);
        Ok(())
    }
}

impl fmt::Display for StableText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sql)
    }
}

impl SqlWriter for StableText {
    fn push_param<T: QueryBuilder>(&mut self, value: Value, builder: &T) {
        // LIMIT is the only BigUnsigned value of reads
        if let Value::BigUnsigned(Some(n)) = value {
            let _ = write!(self.sql, "{n}");
            return;
        }
        self.values.push(value);
        let (mark, _) = builder.placeholder();
        let _ = write!(self.sql, "{mark}{}", self.values.len());
    }

    fn as_writer(&mut self) -> &mut dyn Write {
        self
    }
}
