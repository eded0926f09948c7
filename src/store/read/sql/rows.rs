//! The rows of a list: their link to the parent, hidden rows, conditions and sort keys.

use super::{
    super::{
        declare::{Arguments, Hidden, Key, KeyColumn, Link, Table, Through, Type},
        dialect::Dialect,
        filter::Predicate,
    },
    builder::{RequestedColumn, Row, Sql, col, literal, name},
};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Func, JoinType, Order, Query, SelectStatement};

/// Rows with their link, before hidden rows are left out.
pub(super) struct LinkedSelect {
    pub(super) select: SelectStatement,
    /// The alias of the link table, and the link.
    through: Option<(String, Through)>,
    /// A column whose owner is the parent, which is visible.
    visible_owner: Option<&'static str>,
    /// The columns on both sides that are equal: of the rows, and of the parent. `None` where they are not two columns.
    pub(super) join: Option<(Expr, &'static str)>,
}

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
        let mut linked = self.linked(&ty.table, alias, link, parent, arguments);
        self.restrict(&mut linked, &ty.table, alias, link, only);
        ListQuery {
            select: linked.select,
            alias: alias.to_owned(),
            table: ty.table.name,
            is_whole_table: matches!(link, Link::All) && only.is_empty(),
            link: linked.through,
            kind: ty.kind,
            by_record: false,
        }
    }

    /// The rows of a link; without a parent, those of all parents.
    pub(super) fn linked(
        &self,
        table: &Table,
        alias: &str,
        link: &Link,
        parent: Option<&Row>,
        arguments: &Arguments,
    ) -> LinkedSelect {
        let mut select = Query::select();
        let (mut through, mut visible_owner) = (None, None);
        let own = |column: &str| col(alias, column);
        let parent_id = || parent.map_or_else(|| literal("null"), |row| self.id(row));
        if !matches!(link, Link::Through(_) | Link::Select(..)) {
            select.from_as(name(table.name), name(alias));
        }
        let join = match link {
            Link::All => None,
            Link::Back(column) => {
                visible_owner = Some(*column);
                Some((own(column), "id"))
            }
            Link::Match(column, other) => Some((own(column), *other)),
            Link::Either(one, other) => {
                let either = Condition::any().add(own(one).eq(parent_id())).add(own(other).eq(parent_id()));
                select.cond_where(either);
                None
            }
            Link::Through(t) => {
                let l = format!("{alias}l");
                select.from_as(name(t.table), name(&l)).join_as(
                    JoinType::InnerJoin,
                    name(table.name),
                    name(alias),
                    own("id").equals((name(&l), name(t.child_column))),
                );
                let join = (col(&l, t.parent_column), "id");
                through = Some((l, t.clone()));
                Some(join)
            }
            Link::Among(t) => {
                let l = self.fresh();
                let mut found = Query::select();
                found.expr(col(&l, t.child_column)).from_as(name(t.table), name(&l));
                found.and_where(col(&l, t.parent_column).eq(parent_id()));
                for (column, test) in &t.only {
                    found.and_where(self.test(col(&l, column), test));
                }
                select.and_where(own("id").in_subquery(found.take()));
                None
            }
            Link::Select(make, _) => {
                let row = parent.cloned().unwrap_or_else(|| Row::table(""));
                select.from_subquery(make(self, &row, arguments), name(alias));
                None
            }
        };
        if let (Some((column, of)), Some(parent)) = (&join, parent) {
            let of = if *of == "id" { self.id(parent) } else { self.column(parent, of) };
            select.and_where(column.clone().eq(of));
        }
        if let Some((l, t)) = &through {
            for (column, test) in &t.only {
                select.and_where(self.test(col(l, column), test));
            }
        }
        LinkedSelect { select, through, visible_owner, join }
    }

    /// Leaves out hidden rows, and those that do not satisfy the conditions.
    pub(super) fn restrict(
        &self,
        linked: &mut LinkedSelect,
        table: &Table,
        alias: &str,
        link: &Link,
        only: &[Predicate],
    ) {
        if !matches!(link, Link::Select(..)) {
            self.hide_deleted(&mut linked.select, table, alias, linked.visible_owner, false);
        }
        let l = linked.through.as_ref().map(|(l, _)| l.as_str());
        for predicate in only {
            linked.select.and_where(self.condition(predicate, alias, l));
        }
    }

    /// Hides deleted and merged rows. With `include_deleted`, only rows whose owner is hidden. `visible_owner` is a
    /// column whose owner is known to be visible.
    pub(super) fn hide_deleted(
        &self,
        select: &mut SelectStatement,
        table: &Table,
        alias: &str,
        visible_owner: Option<&str>,
        include_deleted: bool,
    ) {
        match table.hidden {
            Hidden::Column(hidden) if !include_deleted => {
                select.and_where(col(alias, hidden).not());
            }
            Hidden::Record if !include_deleted => {
                select.and_where(col(alias, "deleted_at").is_null()).and_where(col(alias, "merged_into_id").is_null());
            }
            _ => {}
        }
        for owner in table.owners.iter().filter(|column| Some(**column) != visible_owner) {
            select.and_where(self.is_visible(alias, owner));
        }
        if let Some((record, description)) = table.named {
            let is_described = col(alias, record).is_null().or(col(alias, description).is_not_null());
            select.and_where(is_described.or(self.is_visible(alias, record)));
        }
        for (column, whole) in table.wholes.iter().filter(|(column, _)| Some(*column) != visible_owner) {
            let (whole, row) = (whole(), self.fresh());
            let mut any = Query::select();
            any.expr(Expr::cust("1")).from_as(name(whole.name), name(&row));
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
}

/// The rows of a list before their columns, order and limit are chosen.
pub(super) struct ListQuery {
    pub(super) select: SelectStatement,
    alias: String,
    table: &'static str,
    /// The rows are those of a table, without a link and conditions.
    pub(super) is_whole_table: bool,
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
    pub(super) fn join_record(&mut self, order: &[Key], dialect: Dialect) {
        self.by_record = order.iter().any(|key| matches!(key.column, KeyColumn::Record(_)));
        if self.by_record {
            let record = self.record();
            let of = |column: &str| col(&record, column);
            let same = of("id").equals((name(&self.alias), name("id")));
            if self.is_whole_table && dialect == Dialect::Sqlite {
                // SQLite keeps the order of a cross join. It would read and sort the whole table instead of following the index.
                self.select.from_clear().from_as(name("record"), name(&record));
                self.select.join_as(JoinType::CrossJoin, name(self.table), name(&self.alias), Expr::cust("1 = 1"));
                self.select.and_where(same);
            } else {
                self.select.join_as(JoinType::InnerJoin, name("record"), name(&record), same);
            }
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
