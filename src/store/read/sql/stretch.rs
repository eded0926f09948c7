//! The rows of a page: one stretch of the index that has them in their order, or two, where those that lack what they are
//! ordered by come last in both directions.

use super::{
    super::{
        declare::{Key, KeyColumn},
        filter::Bound,
        plan::Connection,
    },
    Row, Rows, Sql, direction, name,
};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement, UnionType};

/// Rows that one index has in their order, and the positions between which they are asked for.
struct Stretch<'c> {
    /// Only rows that have the value of this key, or only those that lack it, and how it is lacking.
    valued: Option<(Key, i32, bool)>,
    order: Vec<Key>,
    after: Option<&'c [Bound]>,
    before: Option<&'c [Bound]>,
}

impl Stretch<'_> {
    /// What holds for its rows, wherever they lie.
    fn holds(&self, rows: &Rows) -> Condition {
        Condition::all().add_option(self.valued.map(|(key, absent, has)| {
            let absent = Expr::cust(absent.to_string());
            if has { rows.key(&key).gt(absent) } else { rows.key(&key).eq(absent) }
        }))
    }
}

/// The stretches of a list, in its order, as far as they reach between two positions.
fn stretches<'c>(order: &[Key], after: Option<&'c [Bound]>, before: Option<&'c [Bound]>) -> Vec<Stretch<'c>> {
    let one = |order: &[Key]| vec![Stretch { valued: None, order: order.to_owned(), after, before }];
    let Some((first, rest)) = order.split_first().filter(|(first, _)| !first.descending) else {
        return one(order);
    };
    let KeyColumn::Twin { absent, twin, twin_absent, .. } = first.column else {
        return one(order);
    };
    let twin = Key { column: KeyColumn::Own(twin), ..*first };
    let lacks = |at: &[Bound]| at.first() == Some(&Bound::Int(absent.into()));
    // A position at a row that lacks the value lies behind all that have it, as it does by the value that stands for nothing.
    let valued = Stretch {
        valued: Some((twin, twin_absent, true)),
        order: std::iter::once(twin).chain(rest.iter().copied()).collect(),
        after,
        before,
    };
    let lacking = Stretch {
        valued: Some((twin, twin_absent, false)),
        order: rest.to_owned(),
        after: after.filter(|at| lacks(at)).map(|at| &at[1..]),
        before: before.map(|at| &at[1..]),
    };
    if before.is_none_or(lacks) { vec![valued, lacking] } else { vec![valued] }
}

fn everything(of: SelectStatement, alias: &str) -> SelectStatement {
    Query::select().expr(Expr::cust("*")).from_subquery(of, name(alias)).take()
}

impl Sql {
    /// The columns of the page's rows that were asked of `alias`, in the direction in which the page is read; with `keyed`, the
    /// keys of the order as well.
    pub(super) fn rows_of_page(
        &self,
        parent: Option<&Row>,
        c: &Connection,
        alias: &str,
        limit: u64,
        keyed: bool,
    ) -> SelectStatement {
        let page = &c.page;
        let stretches = stretches(&c.order, page.after.as_deref(), page.before.as_deref());
        let keyed = keyed || stretches.len() > 1;
        let needs = self.needs(alias);
        let mut parts: Vec<SelectStatement> = Vec::with_capacity(stretches.len());
        for stretch in &stretches {
            let mut rows = self.rows(c.ty, alias, &c.link, parent, &c.arguments, &c.only);
            rows.join_record(&c.order);
            rows.export(&needs);
            if keyed {
                for (i, key) in c.order.iter().enumerate() {
                    let value = rows.key(key);
                    rows.select.expr_as(value, name(&format!("k{i}")));
                }
            }
            let between = self.between(&rows, stretch);
            rows.select.cond_where(stretch.holds(&rows)).cond_where(between);
            for key in &stretch.order {
                let value = rows.key(key);
                rows.select.order_by_expr(value, direction(key.descending != page.backward));
            }
            parts.push(rows.select.limit(limit).take());
        }
        if parts.len() == 1 {
            return parts.remove(0);
        }
        // Each holds a page at the most, so that to bring them into one order costs next to nothing.
        let mut parts = (1..).zip(parts).map(|(i, part)| everything(part, &format!("s{i}")));
        let mut all = parts.next().unwrap_or_default();
        for part in parts {
            all.union(UnionType::All, part);
        }
        let mut all = everything(all, "s");
        for (i, key) in c.order.iter().enumerate() {
            let value = Expr::col(name(&format!("k{i}")));
            all.order_by_expr(value, direction(key.descending != page.backward));
        }
        all.limit(limit).take()
    }

    /// Whether any row lies before the page, in its own direction.
    pub(super) fn anything_passed(&self, parent: Option<&Row>, c: &Connection) -> Expr {
        let (backward, page) = (c.page.backward, &c.page);
        let at = if backward { page.before.as_deref() } else { page.after.as_deref() };
        // behind the position where the page is read backwards, before it otherwise; in either case with its own row
        let (after, before) = if backward { (at, None) } else { (None, at) };
        let found = stretches(&c.order, after, before).into_iter().map(|stretch| {
            let mut rows = self.rows(c.ty, &self.fresh(), &c.link, parent, &c.arguments, &c.only);
            rows.join_record(&c.order);
            let mut condition = stretch.holds(&rows);
            if let Some(at) = stretch.after.or(stretch.before) {
                condition = condition.add(self.keyset(&rows, &stretch.order, at, backward, true));
            }
            Expr::exists(rows.select.expr(Expr::cust("1")).cond_where(condition).limit(1).take())
        });
        found.reduce(Expr::or).unwrap_or_else(|| Expr::cust("1 = 0"))
    }

    /// The rows between the positions of a stretch.
    fn between(&self, rows: &Rows, stretch: &Stretch<'_>) -> Condition {
        let mut all = Condition::all();
        if let Some(at) = stretch.after {
            all = all.add(self.keyset(rows, &stretch.order, at, true, false));
        }
        if let Some(at) = stretch.before {
            all = all.add(self.keyset(rows, &stretch.order, at, false, false));
        }
        all
    }

    /// The rows behind a position (or before it): row values where all keys run the same way, so that one range of an index
    /// serves; the long form otherwise.
    fn keyset(&self, rows: &Rows, order: &[Key], at: &[Bound], behind: bool, inclusive: bool) -> Condition {
        let compare =
            |left: Expr, right: Expr, descending: bool, inclusive: bool| match (behind != descending, inclusive) {
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
        any
    }
}
