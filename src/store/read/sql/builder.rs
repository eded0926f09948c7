//! A statement under construction: rows, single values as JSON text, and the values that Rust computes afterwards.

use super::super::{
    comparison::Bound,
    dialect::Dialect,
    record_search::RecordSearch,
    scalar::{Arguments, CheckedCompute, Column, Compute, Scalar},
    words::Words,
};
use sea_orm::sea_query::{Alias, BinOper, CaseStatement, Expr, ExprTrait, Func, SelectStatement, SubQueryStatement};
use serde_json::Value as Json;
use std::{cell::RefCell, collections::HashMap};

/// A row of a statement under construction.
#[derive(Clone, Debug)]
pub struct Row {
    pub(super) alias: String,
    pub(super) prefix: &'static str,
    /// Its columns come from a subquery, which exports only the columns that are used.
    derived: bool,
}

/// A value that Rust computes from columns after the statement has run.
pub struct Slot {
    /// The function.
    pub by: SlotFunction,
    /// Its second argument.
    pub arguments: Arguments,
}

/// The function of a slot.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "the names are those of the types")]
pub enum SlotFunction {
    Compute(Compute),
    Checked(CheckedCompute),
    Label(Words),
}

impl Slot {
    /// The value.
    ///
    /// # Errors
    /// What the client must change.
    pub fn value(&self, inputs: &[Json]) -> Result<Json, String> {
        match self.by {
            SlotFunction::Compute(by) => Ok(by(inputs, &self.arguments)),
            SlotFunction::Checked(by) => by(inputs, &self.arguments),
            SlotFunction::Label(words) => Ok(words.best_label(inputs, &self.arguments)),
        }
    }
}

/// A statement under construction. Functions of declarations share it, hence the interior mutability.
pub struct Sql {
    pub(in super::super) dialect: Dialect,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    aliases: usize,
    slots: Vec<Slot>,
    searches: Vec<RecordSearch>,
    /// The columns that each subquery must export, by alias.
    needs: HashMap<String, Vec<RequestedColumn>>,
}

/// A column of a derived row, and whether it belongs to the link table.
pub(super) type RequestedColumn = (String, bool);

/// A JSON text in parts: literals and SQL expressions.
#[derive(Default)]
pub(in super::super) struct JsonText(Vec<Piece>);

enum Piece {
    Literal(String),
    Value(Expr),
}

impl JsonText {
    pub(in super::super) fn literal(&mut self, text: impl AsRef<str>) {
        if let Some(Piece::Literal(last)) = self.0.last_mut() {
            last.push_str(text.as_ref());
        } else {
            self.0.push(Piece::Literal(text.as_ref().to_owned()));
        }
    }
    pub(in super::super) fn value(&mut self, value: Expr) {
        self.0.push(Piece::Value(value));
    }
    pub(in super::super) fn append(&mut self, other: Self) {
        for piece in other.0 {
            match piece {
                Piece::Literal(text) => self.literal(text),
                Piece::Value(value) => self.value(value),
            }
        }
    }
    /// `{"key":` or `,"key":`
    pub(in super::super) fn key(&mut self, first: bool, key: &str) {
        self.literal(if first { "{\"" } else { ",\"" });
        self.literal(key);
        self.literal("\":");
    }
    /// All parts as one text. The tree is balanced, because SQLite limits the depth of expressions.
    pub(in super::super) fn concat(self) -> Expr {
        let parts = self.0.into_iter().map(|piece| match piece {
            Piece::Literal(text) => literal(&text),
            Piece::Value(value) => value,
        });
        balanced(parts.collect(), &concat).unwrap_or_else(|| literal(""))
    }
}

/// The first input, as an integer where it is a whole number.
fn number(inputs: &[Json], _: &Arguments) -> Json {
    inputs.first().map(whole).unwrap_or_default()
}

/// The value, as an integer where it is a whole number.
pub(in super::super) fn whole(value: &Json) -> Json {
    #[expect(clippy::cast_possible_truncation, reason = "only where the number is whole and small enough")]
    let whole = value.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e15).map(|n| Json::from(n as i64));
    whole.unwrap_or_else(|| value.clone())
}

/// Joins expressions with an associative operation as a balanced tree.
pub(in super::super) fn balanced(mut parts: Vec<Expr>, join: &dyn Fn(Expr, Expr) -> Expr) -> Option<Expr> {
    while parts.len() > 1 {
        let mut halved = Vec::with_capacity(parts.len().div_ceil(2));
        let mut rest = parts.into_iter();
        while let Some(left) = rest.next() {
            halved.push(match rest.next() {
                Some(right) => join(left, right),
                None => left,
            });
        }
        parts = halved;
    }
    parts.pop()
}

/// An SQL literal of this service's own text or a GraphQL name. Values of clients are always bound.
#[must_use]
pub fn literal(text: &str) -> Expr {
    Expr::cust(format!("'{}'", text.replace('\'', "''")))
}

pub(in super::super) fn scalar(select: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(select)))
}

pub(in super::super) fn name(text: &str) -> Alias {
    Alias::new(text)
}

/// A column of the row of this alias.
pub(in super::super) fn col(alias: &str, column: &str) -> Expr {
    Expr::col((name(alias), name(column)))
}

/// Two texts as one.
pub(super) fn concat(left: Expr, right: Expr) -> Expr {
    left.binary(BinOper::Custom("||"), right)
}

/// `[...]` around joined texts; `[]` where there are none.
pub(in super::super) fn bracketed(joined: Expr) -> Expr {
    Func::coalesce([concat(concat(literal("["), joined), literal("]")), literal("[]")]).into()
}

pub(super) fn or_null(value: Expr) -> Expr {
    Func::coalesce([value, literal("null")]).into()
}

impl Row {
    /// A row of a table in the FROM clause.
    #[must_use]
    pub fn table(alias: &str) -> Self {
        Self { alias: alias.to_owned(), prefix: "", derived: false }
    }
    pub(in super::super) fn derived(alias: &str) -> Self {
        Self { alias: alias.to_owned(), prefix: "", derived: true }
    }
    /// A sort key, in a derived row that exports them.
    pub(in super::super) fn key_column(&self, at: usize) -> Expr {
        col(&self.alias, &format!("k{at}"))
    }
    pub(super) fn embedded(&self, prefix: &'static str) -> Self {
        Self { prefix, ..self.clone() }
    }
}

impl Sql {
    /// An empty statement.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, state: RefCell::default() }
    }
    /// A new alias.
    #[must_use]
    pub fn fresh(&self) -> String {
        let mut state = self.state.borrow_mut();
        state.aliases += 1;
        format!("t{}", state.aliases)
    }
    /// A column of a row.
    #[must_use]
    pub fn column(&self, row: &Row, column: &str) -> Expr {
        let column = if row.prefix.is_empty() { column.to_owned() } else { format!("{}{column}", row.prefix) };
        self.need(row, column, false)
    }
    /// A column of the link table of the row.
    #[must_use]
    pub fn link_column(&self, row: &Row, column: &str) -> Expr {
        self.need(row, column.to_owned(), true)
    }
    /// The id of the row, also inside an embedded object.
    #[must_use]
    pub fn id(&self, row: &Row) -> Expr {
        self.need(row, "id".to_owned(), false)
    }
    fn need(&self, row: &Row, column: String, link: bool) -> Expr {
        let exported = if link { format!("l_{column}") } else { column.clone() };
        if row.derived {
            let mut state = self.state.borrow_mut();
            let needs = state.needs.entry(row.alias.clone()).or_default();
            if !needs.iter().any(|known| known.0 == column && known.1 == link) {
                needs.push((column, link));
            }
        }
        col(&row.alias, &exported)
    }
    /// Takes the columns that the subquery of this alias must export.
    pub(super) fn needs(&self, alias: &str) -> Vec<RequestedColumn> {
        self.state.borrow_mut().needs.remove(alias).unwrap_or_default()
    }
    /// A parameter.
    #[must_use]
    pub fn bind(&self, bound: &Bound) -> Expr {
        self.dialect.bind(bound)
    }
    /// The number of a search whose hits are a parameter.
    pub(super) fn search(&self, search: &RecordSearch) -> u32 {
        let searches = &mut self.state.borrow_mut().searches;
        let known = searches.iter().position(|known| known == search);
        let number = known.unwrap_or_else(|| {
            searches.push(search.clone());
            searches.len() - 1
        });
        u32::try_from(number).expect("a request has fewer bytes")
    }
    pub(super) fn finish(self) -> (Vec<Slot>, Vec<RecordSearch>) {
        let State { slots, searches, .. } = self.state.into_inner();
        (slots, searches)
    }

    // ---- values

    /// A value as JSON text.
    pub(in super::super) fn to_json(&self, value: Expr, scalar: Scalar, nullable: bool) -> JsonText {
        let d = self.dialect;
        let mut json = JsonText::default();
        let mut in_quotes = |text: Expr| {
            json.literal("\"");
            json.value(text);
            json.literal("\"");
        };
        match scalar {
            Scalar::Id => in_quotes(d.id_text(value)),
            Scalar::Date => in_quotes(d.date_text(value)),
            Scalar::DateTime => in_quotes(d.time_text(value)),
            // they are checked before they are stored: nothing in them needs escaping
            Scalar::Enumeration(_) | Scalar::LanguageTag | Scalar::Edtf => in_quotes(value),
            Scalar::Int => json.value(d.cast_text(value)),
            Scalar::Float => {
                let text = if nullable { or_null(d.float_text(value)) } else { d.float_text(value) };
                let mut input = JsonText::default();
                input.value(text);
                // the two databases format numbers differently, so Rust does it
                return self.slot(number, Arguments::new(), vec![input]);
            }
            Scalar::Boolean => {
                let known = CaseStatement::new().case(value.clone(), literal("true"));
                let text = known.case(value.not(), literal("false"));
                json.value(text.finally(literal("null")).into());
                return json;
            }
            Scalar::Json => json.value(value),
            Scalar::Text | Scalar::Url => json.value(d.quote(value)),
        }
        if !nullable {
            return json;
        }
        let mut nulled = JsonText::default();
        nulled.value(or_null(json.concat()));
        nulled
    }
    /// A value as an input of a slot: like [`Sql::to_json`], but without a slot of its own.
    pub(in super::super) fn input(&self, value: Expr, scalar: Scalar, nullable: bool) -> JsonText {
        if scalar != Scalar::Float {
            return self.to_json(value, scalar, nullable);
        }
        let mut json = JsonText::default();
        let text = self.dialect.float_text(value);
        json.value(if nullable { or_null(text) } else { text });
        json
    }
    pub(super) fn column_to_json(&self, row: &Row, column: Column) -> JsonText {
        self.to_json(self.column(row, column.name), column.scalar, column.nullable)
    }
    /// A place in the result that Rust fills: `\x01slot\x02[inputs]\x01`.
    pub(in super::super) fn slot(&self, by: Compute, arguments: Arguments, inputs: Vec<JsonText>) -> JsonText {
        self.slot_of(SlotFunction::Compute(by), arguments, inputs)
    }
    /// The same for a function that may refuse the request.
    pub(super) fn checked_slot(&self, by: CheckedCompute, arguments: Arguments, input: JsonText) -> JsonText {
        self.slot_of(SlotFunction::Checked(by), arguments, vec![input])
    }
    /// The label of a value, in the best of the languages of the arguments.
    pub(super) fn label_slot(&self, words: Words, arguments: Arguments, value: JsonText) -> JsonText {
        self.slot_of(SlotFunction::Label(words), arguments, vec![value])
    }
    fn slot_of(&self, by: SlotFunction, arguments: Arguments, inputs: Vec<JsonText>) -> JsonText {
        let mut json = JsonText::default();
        let mut state = self.state.borrow_mut();
        json.literal(format!("\u{1}{}\u{2}[", state.slots.len()));
        state.slots.push(Slot { by, arguments });
        for (i, input) in inputs.into_iter().enumerate() {
            if i > 0 {
                json.literal(",");
            }
            json.append(input);
        }
        json.literal("]\u{1}");
        json
    }
}
