//! The rows of a list: their link to the parent, hidden rows, conditions and sort keys.

use super::{
    super::{
        declare::{Arguments, Key, KeyColumn, Link, Through, Type},
        filter::{Bound, Predicate, Set, Subject, Test},
    },
    builder::{RequestedColumn, Row, Sql, balanced, col, literal, name},
};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement};

impl Sql {
    /// The FROM and WHERE clauses of a list. The caller adds columns, order and limit.
    pub(super) fn rows(
        &self,
        ty: &Type,
        alias: &str,
        link: &Link,
        parent: Option<&Row>,
        arguments: &Arguments,
        only: &[Predicate],
    ) -> ListQuery {
        let mut select = Query::select();
        let mut through = None;
        let mut visible_owner = None;
        let own = |column: &str| col(alias, column);
        let parent_id = || parent.map_or_else(|| literal("null"), |row| self.id(row));
        match link {
            Link::All => {
                select.from_as(name(ty.table), name(alias));
            }
            Link::Back(column) => {
                select.from_as(name(ty.table), name(alias)).and_where(own(column).eq(parent_id()));
                visible_owner = Some(*column);
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
                    own("id").equals((name(&l), name(t.child_column))),
                );
                select.and_where(col(&l, t.parent_column).eq(parent_id()));
                for predicate in &t.only {
                    select.and_where(self.condition(predicate, &l));
                }
                through = Some((l, t.clone()));
            }
            Link::Among(t) => {
                let l = self.fresh();
                let mut found = Query::select();
                found.expr(col(&l, t.child_column)).from_as(name(t.table), name(&l));
                found.and_where(col(&l, t.parent_column).eq(parent_id()));
                for predicate in &t.only {
                    found.and_where(self.condition(predicate, &l));
                }
                select.from_as(name(ty.table), name(alias)).and_where(own("id").in_subquery(found.take()));
            }
            Link::Select(make) => {
                let row = parent.cloned().unwrap_or_else(|| Row::table(""));
                select.from_subquery(make(self, &row, arguments), name(alias));
            }
        }
        if !matches!(link, Link::Select(_)) {
            self.hide_deleted(&mut select, ty, alias, visible_owner, false);
        }
        for predicate in only {
            select.and_where(self.condition(predicate, alias));
        }
        ListQuery { select, alias: alias.to_owned(), link: through, kind: ty.kind, by_record: false }
    }
    /// Hides deleted and merged rows. With `include_deleted`, only rows whose owner is hidden. `visible_owner` is a
    /// column whose owner is known to be visible.
    pub(super) fn hide_deleted(
        &self,
        select: &mut SelectStatement,
        ty: &Type,
        alias: &str,
        visible_owner: Option<&str>,
        include_deleted: bool,
    ) {
        if let Some(hidden) = ty.hidden.filter(|_| !include_deleted) {
            select.and_where(col(alias, hidden).not());
        }
        for owner in ty.owners.iter().filter(|column| Some(**column) != visible_owner) {
            select.and_where(self.is_visible(alias, owner));
        }
        if let Some((record, description)) = ty.named {
            let is_described = col(alias, record).is_null().or(col(alias, description).is_not_null());
            select.and_where(is_described.or(self.is_visible(alias, record)));
        }
        for (column, whole) in ty.wholes.iter().filter(|(column, _)| Some(*column) != visible_owner) {
            let (whole, row) = (whole(), self.fresh());
            let mut any = Query::select();
            any.expr(Expr::cust("1")).from_as(name(whole.table), name(&row));
            any.and_where(col(&row, "id").equals((name(alias), name(column))));
            let mut visible = any.clone();
            self.hide_deleted(&mut visible, whole, &row, None, false);
            select.and_where(Expr::exists(any).not().or(Expr::exists(visible)));
        }
    }
    /// Whether the record that a column refers to is neither deleted nor merged.
    fn is_visible(&self, alias: &str, column: &str) -> Expr {
        let record = self.fresh();
        let of = |column: &str| col(&record, column);
        let alive = Query::select()
            .expr(Expr::cust("1"))
            .from_as(name("record"), name(&record))
            .and_where(of("id").equals((name(alias), name(column))))
            .and_where(of("deleted_at").is_null())
            .and_where(of("merged_into_id").is_null())
            .take();
        Expr::exists(alive)
    }

    /// A tree of conditions on the row of that alias.
    pub(super) fn condition(&self, predicate: &Predicate, alias: &str) -> Expr {
        let each = |list: &[Predicate]| list.iter().map(|inner| self.condition(inner, alias)).collect();
        let nothing = || Expr::cust("1 = 1");
        match predicate {
            Predicate::Any(list) if list.is_empty() => Expr::cust("1 = 0"),
            Predicate::All(list) => balanced(each(list), &|left, right| left.and(right)).unwrap_or_else(nothing),
            Predicate::Any(list) => balanced(each(list), &|left, right| left.or(right)).unwrap_or_else(nothing),
            Predicate::Not(inner) => self.dialect.not_true(self.condition(inner, alias)),
            Predicate::Test(Subject::Own(column), test) => self.test(col(alias, column), test),
            Predicate::Test(Subject::Of { key, table, column }, test) => {
                let other = self.fresh();
                let of = |column: &str| col(&other, column);
                let found = Query::select()
                    .expr(Expr::cust("1"))
                    .from_as(name(table), name(&other))
                    .and_where(of("id").equals((name(alias), name(key))))
                    .and_where(self.test(of(column), test))
                    .take();
                Expr::exists(found)
            }
            Predicate::Test(Subject::Other { table, join_column, column }, test) => {
                let other = self.fresh();
                let of = |column: &str| col(&other, column);
                let found = Query::select()
                    .expr(of(join_column))
                    .from_as(name(table), name(&other))
                    .and_where(self.test(of(column), test))
                    .take();
                col(alias, "id").in_subquery(found)
            }
        }
    }
    fn test(&self, subject: Expr, test: &Test) -> Expr {
        let d = self.dialect;
        match test {
            Test::Equals(id @ Bound::Id(_)) => subject.eq(self.survivor(d.bind(id))),
            Test::Equals(value) => subject.eq(d.bind(value)),
            Test::In(Set::Ids(ids)) => d.among_survivors(subject, ids),
            Test::In(set) => d.among(subject, set),
            Test::AtLeast(value) => subject.gte(d.bind(value)),
            Test::AtMost(value) => subject.lte(d.bind(value)),
            Test::IsNull(true) => subject.is_null(),
            Test::IsNull(false) => subject.is_not_null(),
        }
    }
}

/// The rows of a list before their columns, order and limit are chosen.
pub(super) struct ListQuery {
    pub(super) select: SelectStatement,
    alias: String,
    link: Option<(String, Through)>,
    kind: Option<&'static str>,
    /// The order uses a column of `record`. Then the id must come from `record` as well, so that one index serves the
    /// order.
    by_record: bool,
}

impl ListQuery {
    /// Exports these columns.
    pub(super) fn export(&mut self, needs: &[RequestedColumn]) {
        if needs.is_empty() {
            self.select.expr_as(Expr::cust("1"), name("one"));
        }
        for (column, of_link) in needs {
            if *of_link {
                let from = self.link.as_ref().map_or(&self.alias, |(alias, _)| alias);
                self.select.expr_as(col(from, column), name(&format!("l_{column}")));
            } else {
                self.select.column((name(&self.alias), name(column)));
            }
        }
    }
    /// The expression of a sort key: the copy in the link table where there is one, so that its index serves the order.
    pub(super) fn key(&self, key: &Key) -> Expr {
        let own = |column: &str| col(&self.alias, column);
        match (key.column, &self.link) {
            (KeyColumn::Own("id"), _) if self.by_record => col(&self.record(), "id"),
            (KeyColumn::Own("id"), Some((l, t))) => col(l, t.child_column),
            (KeyColumn::Own(column), Some((l, t))) if t.copies.contains(&column) => col(l, column),
            (KeyColumn::Own(column) | KeyColumn::Long(column), _) => own(column),
            (KeyColumn::Record(column), _) => col(&self.record(), column),
            (KeyColumn::Number(column, absent), _) => {
                // the same text as in the index on this expression
                Func::coalesce([own(column), Expr::cust(absent.to_string())]).into()
            }
        }
    }
    fn record(&self) -> String {
        format!("{}r", self.alias)
    }
    /// Joins `record` where a sort key needs it.
    pub(super) fn join_record(&mut self, order: &[Key]) {
        self.by_record = order.iter().any(|key| matches!(key.column, KeyColumn::Record(_)));
        if self.by_record {
            let record = self.record();
            let of = |column: &str| col(&record, column);
            let same = of("id").equals((name(&self.alias), name("id")));
            self.select.join_as(JoinType::InnerJoin, name("record"), name(&record), same);
            // only deleted records have a time of deletion, and the index has its order
            if order.iter().any(|key| key.column == KeyColumn::Record("deleted_at")) {
                self.select.and_where(of("deleted_at").is_not_null());
            }
            // the indexes of records begin with their kind
            if let Some(kind) = self.kind {
                self.select.and_where(of("kind").eq(literal(kind)));
            }
        }
    }
}

pub(super) fn direction(descending: bool) -> Order {
    if descending { Order::Desc } else { Order::Asc }
}
