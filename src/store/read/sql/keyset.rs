//! The rows of a page, found by the values of the sort keys at a cursor (keyset pagination).

use super::{
    super::{
        declare::{Key, Link},
        filter::Bound,
        plan::ConnectionPlan,
    },
    builder::{Row, Sql, name},
    rows::{ListQuery, direction},
};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, SelectStatement};

impl Sql {
    /// The rows of the page with the columns that are requested of `alias`, in the direction in which the page is read. With
    /// `keyed`, the sort keys as well.
    pub(super) fn rows_of_page(
        &self,
        parent: Option<&Row>,
        c: &ConnectionPlan,
        alias: &str,
        limit: u64,
        keyed: bool,
    ) -> SelectStatement {
        let page = &c.page;
        let needs = self.needs(alias);
        let mut rows = self.rows(c.ty, alias, &c.link, parent, &c.arguments, &c.only);
        rows.join_record(&c.order, self.dialect);
        rows.export(&needs);
        if keyed {
            for (i, key) in c.order.iter().enumerate() {
                let value = rows.key(key);
                rows.select.expr_as(value, name(&format!("k{i}")));
            }
        }
        for (position, forward) in [(&page.after, true), (&page.before, false)] {
            if let Some(at) = position {
                let condition = self.keyset(&rows, &c.order, at, forward, false);
                rows.select.cond_where(condition);
            }
        }
        let is_sorted_after_filter =
            matches!(c.link, Link::All) && c.only.iter().any(|only| only.is_sorted_after(c.ty.table.name));
        for key in &c.order {
            let mut value = rows.key(key);
            if is_sorted_after_filter {
                value = self.dialect.sorted_after_filter(value, key.scalar);
            }
            rows.select.order_by_expr(value, direction(key.descending != page.backward));
        }
        rows.select.limit(limit).take()
    }

    /// Whether any row lies before the page, in the direction in which the page is read. The row at the cursor counts.
    pub(super) fn has_rows_before(&self, parent: Option<&Row>, c: &ConnectionPlan) -> Expr {
        let (backward, page) = (c.page.backward, &c.page);
        let mut rows = self.rows(c.ty, &self.fresh(), &c.link, parent, &c.arguments, &c.only);
        rows.join_record(&c.order, self.dialect);
        if let Some(at) = if backward { &page.before } else { &page.after } {
            let condition = self.keyset(&rows, &c.order, at, backward, true);
            rows.select.cond_where(condition);
        }
        Expr::exists(rows.select.expr(Expr::cust("1")).limit(1).take())
    }

    /// The rows behind a position (or before it): row values where all keys run the same way, so that one range of an index
    /// serves; the long form otherwise.
    fn keyset(&self, rows: &ListQuery, order: &[Key], at: &[Bound], forward: bool, inclusive: bool) -> Condition {
        let compare =
            |left: Expr, right: Expr, descending: bool, inclusive: bool| match (forward != descending, inclusive) {
                (true, false) => left.gt(right),
                (true, true) => left.gte(right),
                (false, false) => left.lt(right),
                (false, true) => left.lte(right),
            };
        let uniform = order.windows(2).all(|pair| pair[0].descending == pair[1].descending);
        if uniform {
            let descending = order.first().is_some_and(|key| key.descending);
            let mut keys: Vec<Expr> = order.iter().map(|key| rows.key(key)).collect();
            let mut values: Vec<Expr> = at.iter().map(|value| self.bind(value)).collect();
            if keys.len() == 1 {
                return Condition::all().add(compare(keys.remove(0), values.remove(0), descending, inclusive));
            }
            return Condition::all().add(compare(Expr::Tuple(keys), Expr::Tuple(values), descending, inclusive));
        }
        let mut any = Condition::any();
        for (i, key) in order.iter().enumerate() {
            let mut all = Condition::all();
            for (same, value) in order[..i].iter().zip(at) {
                all = all.add(rows.key(same).eq(self.bind(value)));
            }
            let last = i + 1 == order.len();
            any = any.add(all.add(compare(rows.key(key), self.bind(&at[i]), key.descending, inclusive && last)));
        }
        // A bound of the first key alone, so that an index of it serves.
        let (key, value) = (rows.key(&order[0]), self.bind(&at[0]));
        Condition::all().add(compare(key, value, order[0].descending, true)).add(any)
    }
}
