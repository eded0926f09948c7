//! Plan -> one statement. Every level is a text expression that yields JSON: correlated subqueries compose the answer inside
//! the database, only the columns asked for are read, and limits hold per parent. `connection` does the same for pages,
//! `root` for root fields.

use super::{
    declare::{Arguments, Column, Compute, Key, KeyColumn, Link, Scalar, Type},
    dialect::Dialect,
    filter::{Predicate, Subject, Test},
    plan::{Node, Object},
};
use sea_orm::sea_query::{
    Alias, BinOper, CaseStatement, Condition, Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement,
    SubQueryStatement,
};
use std::{cell::RefCell, collections::HashMap};

/// A row of a statement under construction.
#[derive(Clone, Debug)]
pub struct Row {
    alias: String,
    prefix: &'static str,
    /// Its columns come out of a subquery, which must be told which ones are needed.
    derived: bool,
}

/// A value that Rust makes from columns after the statement has run.
pub struct Slot {
    /// The function.
    pub by: Compute,
    /// Its second argument.
    pub arguments: Arguments,
}

/// A statement under construction. It is handed to the functions of declarations, hence the interior state.
pub struct Sql {
    pub(super) dialect: Dialect,
    state: RefCell<State>,
}

#[derive(Default)]
struct State {
    aliases: usize,
    slots: Vec<Slot>,
    /// By alias of a derived row: the columns that its subquery must give, and whether they are the link's.
    needs: HashMap<String, Vec<(String, bool)>>,
}

/// Text in parts: what is known now, and what the database will say.
#[derive(Default)]
pub(super) struct Pieces(Vec<Piece>);

enum Piece {
    Literal(String),
    Value(Expr),
}

impl Pieces {
    pub(super) fn literal(&mut self, text: impl AsRef<str>) {
        if let Some(Piece::Literal(last)) = self.0.last_mut() {
            last.push_str(text.as_ref());
        } else {
            self.0.push(Piece::Literal(text.as_ref().to_owned()));
        }
    }
    pub(super) fn value(&mut self, value: Expr) {
        self.0.push(Piece::Value(value));
    }
    pub(super) fn append(&mut self, other: Self) {
        for piece in other.0 {
            match piece {
                Piece::Literal(text) => self.literal(text),
                Piece::Value(value) => self.value(value),
            }
        }
    }
    /// `{"key":` or `,"key":`
    pub(super) fn key(&mut self, first: bool, key: &str) {
        self.literal(if first { "{\"" } else { ",\"" });
        self.literal(key);
        self.literal("\":");
    }
    pub(super) fn concat(self) -> Expr {
        let mut all: Option<Expr> = None;
        for piece in self.0 {
            let next = match piece {
                Piece::Literal(text) => literal(&text),
                Piece::Value(value) => value,
            };
            all = Some(match all {
                Some(so_far) => so_far.binary(BinOper::Custom("||"), next),
                None => next,
            });
        }
        all.unwrap_or_else(|| literal(""))
    }
}

/// Our own words as an SQL literal: names and punctuation, never a client's value (response keys are GraphQL names).
#[must_use]
pub fn literal(text: &str) -> Expr {
    Expr::cust(format!("'{}'", text.replace('\'', "''")))
}

pub(super) fn scalar(select: SelectStatement) -> Expr {
    Expr::SubQuery(None, Box::new(SubQueryStatement::SelectStatement(select)))
}

pub(super) fn name(text: &str) -> Alias {
    Alias::new(text)
}

fn or_null(value: Expr) -> Expr {
    Func::coalesce([value, literal("null")]).into()
}

impl Row {
    /// A row of a table that the statement names itself.
    #[must_use]
    pub fn table(alias: &str) -> Self {
        Self { alias: alias.to_owned(), prefix: "", derived: false }
    }
    pub(super) fn derived(alias: &str) -> Self {
        Self { alias: alias.to_owned(), prefix: "", derived: true }
    }
    /// A key of the order, in a derived row that gives its keys.
    pub(super) fn key_column(&self, at: usize) -> Expr {
        Expr::col((name(&self.alias), name(&format!("k{at}"))))
    }
    fn embedded(&self, prefix: &'static str) -> Self {
        Self { prefix, ..self.clone() }
    }
}

impl Sql {
    /// An empty statement.
    #[must_use]
    pub fn new(dialect: Dialect) -> Self {
        Self { dialect, state: RefCell::default() }
    }
    /// A name that no other row of the statement has.
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
    /// A column of the link that led to the row.
    #[must_use]
    pub fn link_column(&self, row: &Row, column: &str) -> Expr {
        self.need(row, column.to_owned(), true)
    }
    /// The row's id, whatever object of it is being made.
    #[must_use]
    pub fn id(&self, row: &Row) -> Expr {
        self.need(row, "id".to_owned(), false)
    }
    fn need(&self, row: &Row, column: String, link: bool) -> Expr {
        let shown = if link { format!("l_{column}") } else { column.clone() };
        if row.derived {
            let mut state = self.state.borrow_mut();
            let needs = state.needs.entry(row.alias.clone()).or_default();
            if !needs.iter().any(|known| known.0 == column && known.1 == link) {
                needs.push((column, link));
            }
        }
        Expr::col((name(&row.alias), name(&shown)))
    }
    /// A parameter.
    #[must_use]
    pub fn bind(&self, bound: &super::filter::Bound) -> Expr {
        self.dialect.bind(bound)
    }
    pub(super) fn slots(self) -> Vec<Slot> {
        self.state.into_inner().slots
    }

    // ---- values

    /// A value as JSON text.
    pub(super) fn spell(&self, value: Expr, scalar: Scalar, nullable: bool) -> Pieces {
        let d = self.dialect;
        let mut pieces = Pieces::default();
        let mut in_quotes = |text: Expr| {
            pieces.literal("\"");
            pieces.value(text);
            pieces.literal("\"");
        };
        match scalar {
            Scalar::Id => in_quotes(d.id_text(value)),
            Scalar::Date => in_quotes(d.date_text(value)),
            Scalar::DateTime => in_quotes(d.time_text(value)),
            // both are checked before they are stored: nothing in them needs escaping
            Scalar::Enumeration(_) | Scalar::LanguageTag | Scalar::Edtf => in_quotes(value),
            Scalar::Int => pieces.value(d.cast_text(value)),
            Scalar::Float => pieces.value(d.float(value)),
            Scalar::Boolean => {
                let known = CaseStatement::new().case(value.clone(), literal("true"));
                let told = known.case(value.not(), literal("false"));
                pieces.value(told.finally(literal("null")).into());
                return pieces;
            }
            Scalar::Json => pieces.value(value),
            Scalar::Text | Scalar::Url => pieces.value(d.quote(value)),
        }
        if !nullable {
            return pieces;
        }
        let mut nulled = Pieces::default();
        nulled.value(or_null(pieces.concat()));
        nulled
    }
    fn spell_column(&self, row: &Row, column: Column) -> Pieces {
        self.spell(self.column(row, column.name), column.scalar, column.nullable)
    }
    /// A place in the answer that Rust fills: `\x01slot\x02[inputs]\x01`. JSON escapes control characters, so data has no marks.
    pub(super) fn slot(&self, by: Compute, arguments: Arguments, inputs: Vec<Pieces>) -> Pieces {
        let mut pieces = Pieces::default();
        let mut state = self.state.borrow_mut();
        pieces.literal(format!("\u{1}{}\u{2}[", state.slots.len()));
        state.slots.push(Slot { by, arguments });
        for (i, input) in inputs.into_iter().enumerate() {
            if i > 0 {
                pieces.literal(",");
            }
            pieces.append(input);
        }
        pieces.literal("]\u{1}");
        pieces
    }

    // ---- objects

    /// An object as JSON text.
    pub(super) fn object(&self, row: &Row, object: &Object) -> Pieces {
        let mut pieces = Pieces::default();
        for (i, (key, node)) in object.fields.iter().enumerate() {
            pieces.key(i == 0, key);
            pieces.append(self.node(row, node));
        }
        pieces.literal(if object.fields.is_empty() { "{}" } else { "}" });
        pieces
    }

    fn node(&self, row: &Row, node: &Node) -> Pieces {
        let mut pieces = Pieces::default();
        match node {
            Node::Constant(json) => pieces.literal(json),
            Node::Column(column) => return self.spell_column(row, *column),
            Node::Record(column) => {
                let inner = Row::table(&self.fresh());
                let value = self.spell(self.column(&inner, column.name), column.scalar, column.nullable).concat();
                let found = Expr::col((name(&inner.alias), name("id"))).eq(self.id(row));
                pieces.value(scalar(
                    Query::select().expr(value).from_as(name("record"), name(&inner.alias)).and_where(found).take(),
                ));
            }
            Node::Embedded { prefix, present, object } => {
                let there = self.column(row, present).is_not_null();
                let made = self.object(&row.embedded(prefix), object).concat();
                pieces.value(CaseStatement::new().case(there, made).finally(literal("null")).into());
            }
            Node::One { key, object } => {
                let found = self.by_id(object, self.column(row, key.name));
                pieces.value(if key.nullable { or_null(found) } else { found });
            }
            Node::Any { key, kind, branches, first } => {
                let id = self.column(row, key.name);
                let mut tries = vec![];
                if let Some((column, object)) = first {
                    tries.push(self.by_id(object, self.column(row, column)));
                }
                let found = match kind {
                    Some(kind) => self.branches(&self.column(row, kind), &id, branches),
                    None => self.by_record(id, branches),
                };
                tries.extend([found, literal("null")]);
                pieces.value(Func::coalesce(tries).into());
            }
            Node::Row { found, object } => {
                let inner = Row::table(&self.fresh());
                let mut select = Query::select();
                select.expr(self.object(&inner, object).concat()).from_as(name(object.ty.table), name(&inner.alias));
                let owner = Row { prefix: "", ..row.clone() };
                for condition in found(self, &inner, &owner, row.prefix) {
                    select.and_where(condition);
                }
                pieces.value(or_null(scalar(select.take())));
            }
            Node::List { link, order, limit, arguments, object } => {
                pieces.value(self.list(row, link, order, *limit, arguments, object));
            }
            Node::Values { scalar: kind, table, column, near, order } => {
                let inner = self.fresh();
                let value = self.spell(Expr::col((name(&inner), name(column))), *kind, false).concat();
                let mut rows = Query::select();
                rows.column((name(&inner), name(column))).from_as(name(table), name(&inner));
                rows.and_where(Expr::col((name(&inner), name(near))).eq(self.id(row)));
                rows.order_by((name(&inner), name(order)), Order::Asc);
                pieces.value(self.array(value, rows.take(), &inner));
            }
            Node::Connection(connection) => pieces.value(self.connection(Some(row), connection)),
            Node::Computed { inputs, by, arguments } => {
                let inputs = inputs.iter().map(|column| self.spell_column(row, *column)).collect();
                return self.slot(*by, arguments.clone(), inputs);
            }
            Node::Made { scalar, nullable, by, arguments } => {
                return self.spell(by(self, row, arguments), *scalar, *nullable);
            }
        }
        pieces
    }

    /// The object of the row with this id, unless it is hidden.
    pub(super) fn by_id(&self, object: &Object, id: Expr) -> Expr {
        let inner = Row::table(&self.fresh());
        let mut select = Query::select();
        select.expr(self.object(&inner, object).concat()).from_as(name(object.ty.table), name(&inner.alias));
        select.and_where(Expr::col((name(&inner.alias), name("id"))).eq(id));
        self.shown(&mut select, object.ty, &inner.alias, None);
        scalar(select.take())
    }
    /// The branch that `kind` names: only that lookup runs.
    fn branches(&self, kind: &Expr, id: &Expr, branches: &[Object]) -> Expr {
        let mut case = CaseStatement::new();
        for object in branches {
            let is = kind.clone().eq(literal(object.ty.kind.unwrap_or_default()));
            case = case.case(is, self.by_id(object, id.clone()));
        }
        case.into()
    }
    /// The same where only the record knows its kind.
    pub(super) fn by_record(&self, id: Expr, branches: &[Object]) -> Expr {
        let record = self.fresh();
        let of = |column: &str| Expr::col((name(&record), name(column)));
        let mut select = Query::select();
        select.expr(self.branches(&of("kind"), &of("id"), branches)).from_as(name("record"), name(&record));
        select.and_where(of("id").eq(id));
        scalar(select.take())
    }

    // ---- lists

    fn list(
        &self,
        row: &Row,
        link: &Link,
        order: &[Key],
        limit: Option<u64>,
        arguments: &Arguments,
        object: &Object,
    ) -> Expr {
        let alias = self.fresh();
        let text = self.object(&Row::derived(&alias), object).concat();
        let mut rows = self.rows(object.ty, &alias, link, Some(row), arguments, &[]);
        self.export(&mut rows, &alias);
        for key in order {
            rows.select.order_by_expr(rows.key(key), direction(key.descending));
        }
        if let Some(n) = limit {
            rows.select.limit(n);
        }
        self.array(text, rows.select, &alias)
    }
    /// `[...]` of a text per row.
    fn array(&self, text: Expr, rows: SelectStatement, alias: &str) -> Expr {
        let mut whole = Pieces::default();
        whole.literal("[");
        whole.value(self.dialect.joined(text, ""));
        whole.literal("]");
        let or_empty: Expr = Func::coalesce([whole.concat(), literal("[]")]).into();
        scalar(Query::select().expr(or_empty).from_subquery(rows, name(alias)).take())
    }
    /// Gives a derived row the columns that were asked of it.
    pub(super) fn export(&self, rows: &mut Rows, alias: &str) {
        let needs = self.state.borrow_mut().needs.remove(alias).unwrap_or_default();
        if needs.is_empty() {
            rows.select.expr_as(Expr::cust("1"), name("one"));
        }
        for (column, link) in needs {
            if link {
                let from = rows.link.as_ref().map_or(alias, |(alias, _)| alias.as_str());
                rows.select.expr_as(Expr::col((name(from), name(&column))), name(&format!("l_{column}")));
            } else {
                rows.select.column((name(alias), name(&column)));
            }
        }
    }
    /// `from` and `where` of the rows of a link: columns, order and limit are the caller's.
    pub(super) fn rows(
        &self,
        ty: &Type,
        alias: &str,
        link: &Link,
        parent: Option<&Row>,
        arguments: &Arguments,
        only: &[Predicate],
    ) -> Rows {
        let mut select = Query::select();
        let mut through = None;
        let mut trusted = None;
        let own = |column: &str| Expr::col((name(alias), name(column)));
        let parent_id = || parent.map_or_else(|| literal("null"), |row| self.id(row));
        match link {
            Link::All => {
                select.from_as(name(ty.table), name(alias));
            }
            Link::Back(column) => {
                select.from_as(name(ty.table), name(alias)).and_where(own(column).eq(parent_id()));
                trusted = Some(*column);
            }
            Link::Either(one, other) => {
                let either = Condition::any().add(own(one).eq(parent_id())).add(own(other).eq(parent_id()));
                select.from_as(name(ty.table), name(alias)).cond_where(either);
            }
            Link::Through(t) => {
                let l = format!("{alias}l");
                select.from_as(name(t.table), name(&l)).join_as(
                    JoinType::InnerJoin,
                    name(ty.table),
                    name(alias),
                    own("id").equals((name(&l), name(t.far))),
                );
                select.and_where(Expr::col((name(&l), name(t.near))).eq(parent_id()));
                for predicate in &t.only {
                    select.and_where(self.holds(predicate, &l));
                }
                through = Some((l, t.clone()));
            }
            Link::Select(make) => {
                let row = parent.cloned().unwrap_or_else(|| Row::table(""));
                select.from_subquery(make(self, &row, arguments), name(alias));
            }
        }
        if !matches!(link, Link::Select(_)) {
            self.shown(&mut select, ty, alias, trusted);
        }
        for predicate in only {
            select.and_where(self.holds(predicate, alias));
        }
        Rows { select, alias: alias.to_owned(), link: through }
    }
    /// Leaves out what is deleted or merged away.
    fn shown(&self, select: &mut SelectStatement, ty: &Type, alias: &str, trusted: Option<&str>) {
        if let Some(hidden) = ty.hidden {
            select.and_where(Expr::col((name(alias), name(hidden))).not());
        }
        if let Some(owner) = ty.owner.filter(|column| Some(*column) != trusted) {
            let record = format!("{alias}o");
            let of = |column: &str| Expr::col((name(&record), name(column)));
            let alive = Query::select()
                .expr(Expr::cust("1"))
                .from_as(name("record"), name(&record))
                .and_where(of("id").equals((name(alias), name(owner))))
                .and_where(of("deleted_at").is_null())
                .and_where(of("merged_into_id").is_null())
                .take();
            select.and_where(Expr::exists(alive));
        }
    }

    // ---- conditions

    /// A tree of conditions on the row of that alias.
    pub(super) fn holds(&self, predicate: &Predicate, alias: &str) -> Expr {
        let all = |list: &[Predicate], mut condition: Condition| {
            for inner in list {
                condition = condition.add(self.holds(inner, alias));
            }
            condition
        };
        match predicate {
            Predicate::All(list) if list.is_empty() => Expr::cust("1 = 1"),
            Predicate::Any(list) if list.is_empty() => Expr::cust("1 = 0"),
            Predicate::All(list) => all(list, Condition::all()).into(),
            Predicate::Any(list) => all(list, Condition::any()).into(),
            Predicate::Not(inner) => {
                let mark = if self.dialect == Dialect::Sqlite { "(?) is not true" } else { "($1) is not true" };
                Expr::cust_with_exprs(mark, [self.holds(inner, alias)])
            }
            Predicate::Test(Subject::Own(column), test) => self.test(Expr::col((name(alias), name(column))), test),
            Predicate::Test(Subject::Other { table, near, column }, test) => {
                let other = self.fresh();
                let of = |column: &str| Expr::col((name(&other), name(column)));
                let found = Query::select()
                    .expr(of(near))
                    .from_as(name(table), name(&other))
                    .and_where(self.test(of(column), test))
                    .take();
                Expr::col((name(alias), name("id"))).in_subquery(found)
            }
        }
    }
    fn test(&self, subject: Expr, test: &Test) -> Expr {
        let d = self.dialect;
        match test {
            Test::Equals(value) => subject.eq(d.bind(value)),
            Test::In(set) => d.among(subject, set),
            Test::AtLeast(value) => subject.gte(d.bind(value)),
            Test::AtMost(value) => subject.lte(d.bind(value)),
            Test::IsNull(true) => subject.is_null(),
            Test::IsNull(false) => subject.is_not_null(),
        }
    }
}

/// The rows of a list before their columns, order and limit are chosen.
pub(super) struct Rows {
    pub(super) select: SelectStatement,
    alias: String,
    link: Option<(String, super::declare::Through)>,
}

impl Rows {
    /// The expression of an order's key: the link's copy where it has one, so that its index serves.
    pub(super) fn key(&self, key: &Key) -> Expr {
        let own = |column: &str| Expr::col((name(&self.alias), name(column)));
        match (key.column, &self.link) {
            (KeyColumn::Own("id"), Some((l, t))) => Expr::col((name(l), name(t.far))),
            (KeyColumn::Own(column), Some((l, t))) if t.carries.contains(&column) => {
                Expr::col((name(l), name(column)))
            }
            (KeyColumn::Own(column), _) => own(column),
            (KeyColumn::Record(column), _) => Expr::col((name(&self.record()), name(column))),
            (KeyColumn::Number(column, absent), _) => {
                // the same text as in the index on this expression
                Func::coalesce([own(column), Expr::cust(format!("{absent:?}"))]).into()
            }
        }
    }
    fn record(&self) -> String {
        format!("{}r", self.alias)
    }
    /// Joins the rows' records where a key of the order asks for them.
    pub(super) fn join_record(&mut self, order: &[Key]) {
        if order.iter().any(|key| matches!(key.column, KeyColumn::Record(_))) {
            let record = self.record();
            let same = Expr::col((name(&record), name("id"))).equals((name(&self.alias), name("id")));
            self.select.join_as(JoinType::InnerJoin, name("record"), name(&record), same);
        }
    }
}

pub(super) fn direction(descending: bool) -> Order {
    if descending { Order::Desc } else { Order::Asc }
}
