//! The rows of a page: one stretch of the index that has them in their order, or two, where those that lack what they are
//! ordered by come last in both directions.

use super::{
    super::{
        declare::{Key, KeyColumn, Link},
        filter::{Bound, Predicate, Subject, Test},
        plan::ConnectionPlan,
    },
    builder::{Row, Sql, name},
    rows::{ListQuery, direction},
};
use sea_orm::sea_query::{Condition, Expr, ExprTrait, Query, SelectStatement, UnionType};

/// Rows that one index has in their order, and the positions between which they are asked for.
struct IndexScan<'c> {
    which: ScannedRows,
    order: Vec<Key>,
    after: Option<&'c [Bound]>,
    before: Option<&'c [Bound]>,
}

/// Which rows of a list a stretch is of.
enum ScannedRows {
    /// All of them.
    All,
    /// Those that have a value under a key: it is greater than what stands for nothing.
    WithValue(Key, i32),
    /// Those that have what stands for nothing under a key.
    WithoutValue(Key, i32),
}

impl IndexScan<'_> {
    /// What holds for its rows, wherever they lie.
    fn condition(&self, rows: &ListQuery) -> Condition {
        let nothing = |value: i32| Expr::cust(value.to_string());
        Condition::all().add_option(match self.which {
            // Behind a position there are no others, unless somebody has made it up; and SQLite begins at one bound only, which
            // is to be the position.
            ScannedRows::WithValue(key, absent)
                if self.after.is_none_or(|at| matches!(at, [Bound::Int(value), ..] if *value <= absent.into())) =>
            {
                Some(rows.key(&key).gt(nothing(absent)))
            }
            ScannedRows::WithoutValue(key, absent) => Some(rows.key(&key).eq(nothing(absent))),
            ScannedRows::All | ScannedRows::WithValue(..) => None,
        })
    }
}

/// The stretches of a list, in its order, as far as they reach between two positions.
fn index_scans<'c>(c: &ConnectionPlan, after: Option<&'c [Bound]>, before: Option<&'c [Bound]>) -> Vec<IndexScan<'c>> {
    let whole = || vec![IndexScan { which: ScannedRows::All, order: c.order.clone(), after, before }];
    let Some((first, rest)) = c.order.split_first().filter(|(first, _)| !first.descending) else {
        return whole();
    };
    let KeyColumn::Twin { absent, twin, twin_absent, .. } = first.column else {
        return whole();
    };
    if !has_index(&c.link, twin) {
        return whole();
    }
    let key = Key { column: KeyColumn::Own(twin), ..*first };
    let is_without_value = |at: &[Bound]| at.first() == Some(&Bound::Int(absent.into()));
    // A position at a row that lacks the value lies behind all that have it, as it does by the value that stands for nothing.
    let with_value = IndexScan {
        which: ScannedRows::WithValue(key, twin_absent),
        order: std::iter::once(key).chain(rest.iter().copied()).collect(),
        after,
        before,
    };
    if !before.is_none_or(is_without_value) || c.only.iter().any(|predicate| requires_value(predicate, twin)) {
        return vec![with_value];
    }
    let without_value = IndexScan {
        which: ScannedRows::WithoutValue(key, twin_absent),
        order: rest.to_owned(),
        after: after.filter(|at| is_without_value(at)).map(|at| &at[1..]),
        before: before.map(|at| &at[1..]),
    };
    vec![with_value, without_value]
}

/// Whether the rows of a link are found by a column of theirs.
fn has_index(link: &Link, column: &str) -> bool {
    match link {
        Link::All | Link::Back(_) => true,
        Link::Through(through) => through.copies.contains(&column),
        Link::Among(_) | Link::Select(_) | Link::Either(..) => false,
    }
}

/// Whether a condition holds only for rows that have a value in a column: a range leaves out what stands for nothing.
fn requires_value(predicate: &Predicate, column: &str) -> bool {
    match predicate {
        Predicate::All(all) => all.iter().any(|predicate| requires_value(predicate, column)),
        Predicate::Test(Subject::Own(own), Test::AtLeast(_)) => *own == column,
        _ => false,
    }
}

fn select_all(of: SelectStatement, alias: &str) -> SelectStatement {
    Query::select().expr(Expr::cust("*")).from_subquery(of, name(alias)).take()
}

impl Sql {
    /// The columns of the page's rows that were asked of `alias`, in the direction in which the page is read; with `keyed`, the
    /// keys of the order as well.
    pub(super) fn rows_of_page(
        &self,
        parent: Option<&Row>,
        c: &ConnectionPlan,
        alias: &str,
        limit: u64,
        keyed: bool,
    ) -> SelectStatement {
        let page = &c.page;
        let index_scans = index_scans(c, page.after.as_deref(), page.before.as_deref());
        let keyed = keyed || index_scans.len() > 1;
        let needs = self.needs(alias);
        let mut parts: Vec<SelectStatement> = Vec::with_capacity(index_scans.len());
        for scan in &index_scans {
            let mut rows = self.rows(c.ty, alias, &c.link, parent, &c.arguments, &c.only);
            rows.join_record(&c.order);
            rows.export(&needs);
            if keyed {
                for (i, key) in c.order.iter().enumerate() {
                    let value = rows.key(key);
                    rows.select.expr_as(value, name(&format!("k{i}")));
                }
            }
            let between = self.between(&rows, scan);
            rows.select.cond_where(scan.condition(&rows)).cond_where(between);
            for key in &scan.order {
                let value = rows.key(key);
                rows.select.order_by_expr(value, direction(key.descending != page.backward));
            }
            parts.push(rows.select.limit(limit).take());
        }
        if parts.len() == 1 {
            return parts.remove(0);
        }
        // Each holds a page at the most, so that to bring them into one order costs next to nothing.
        let mut parts = (1..).zip(parts).map(|(i, part)| select_all(part, &format!("s{i}")));
        let mut all = parts.next().unwrap_or_default();
        for part in parts {
            all.union(UnionType::All, part);
        }
        let mut all = select_all(all, "s");
        for (i, key) in c.order.iter().enumerate() {
            let value = Expr::col(name(&format!("k{i}")));
            all.order_by_expr(value, direction(key.descending != page.backward));
        }
        all.limit(limit).take()
    }

    /// Whether any row lies before the page, in its own direction.
    pub(super) fn has_rows_before(&self, parent: Option<&Row>, c: &ConnectionPlan) -> Expr {
        let (backward, page) = (c.page.backward, &c.page);
        let at = if backward { page.before.as_deref() } else { page.after.as_deref() };
        // behind the position where the page is read backwards, before it otherwise; in either case with its own row
        let (after, before) = if backward { (at, None) } else { (None, at) };
        let found = index_scans(c, after, before).into_iter().map(|scan| {
            let mut rows = self.rows(c.ty, &self.fresh(), &c.link, parent, &c.arguments, &c.only);
            rows.join_record(&c.order);
            let mut condition = scan.condition(&rows);
            if let Some(at) = scan.after.or(scan.before) {
                condition = condition.add(self.keyset(&rows, &scan.order, at, backward, true));
            }
            Expr::exists(rows.select.expr(Expr::cust("1")).cond_where(condition).limit(1).take())
        });
        found.reduce(Expr::or).unwrap_or_else(|| Expr::cust("1 = 0"))
    }

    /// The rows between the positions of a stretch.
    fn between(&self, rows: &ListQuery, scan: &IndexScan<'_>) -> Condition {
        let mut all = Condition::all();
        if let Some(at) = scan.after {
            all = all.add(self.keyset(rows, &scan.order, at, true, false));
        }
        if let Some(at) = scan.before {
            all = all.add(self.keyset(rows, &scan.order, at, false, false));
        }
        all
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
        any
    }
}
