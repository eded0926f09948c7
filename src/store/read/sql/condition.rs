//! Conditions on a row: comparisons, and conditions on the rows of its links.

use super::{
    super::{
        declare::Arguments,
        filter::{Bound, Circle, LinkedRows, Predicate, Set, Test},
    },
    builder::{Row, Sql, balanced, col, literal, name, scalar},
};
use entity::Reference;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, Query, SelectStatement, UnionType};
use std::collections::BTreeSet;

/// How many rows are few: finding them takes as long as comparing the rows of some pages.
const FEW: u64 = 20_000;

/// Columns in which nearly all rows have the same value. The text of the statement has the one that is asked for: for a parameter, Postgres
/// expects the frequent one, and looks at all rows to find a rare one.
const UNEVEN: [&str; 1] = ["anchor"];

impl Sql {
    /// A tree of conditions on the row of the alias `row`, which the link of the alias `link` leads to.
    pub(super) fn condition(&self, predicate: &Predicate, row: &str, link: Option<&str>) -> Expr {
        let each = |list: &[Predicate]| list.iter().map(|inner| self.condition(inner, row, link)).collect();
        match predicate {
            Predicate::All(list) => balanced(each(list), &|left, right| left.and(right)).unwrap_or_else(always),
            Predicate::Any(list) => balanced(each(list), &|left, right| left.or(right)).unwrap_or_else(never),
            Predicate::Not(inner) => self.dialect.not_true(self.condition(inner, row, link)),
            Predicate::Test(column, Test::In(Set::Values(values))) if UNEVEN.contains(column) && values.len() == 1 => {
                col(row, column).eq(literal(&values[0]))
            }
            Predicate::Test(column, test) => self.test(col(row, column), test),
            Predicate::OfLink(column, test) => self.test(col(link.unwrap_or(row), column), test),
            Predicate::Some(rows) => self.some(rows, row),
            Predicate::SomeOfFew(rows) => self.some_of_few(rows, row),
            Predicate::Each(rows, records) => self.each(rows, records, row),
            Predicate::Near(circle) => self.near(circle, row),
            Predicate::Found(search) => self.is_hit(search, row),
            Predicate::HasGrams(grams) => self.dialect.has_grams(|name| col(row, name), &grams.join(" ")),
        }
    }

    /// One comparison.
    pub(super) fn test(&self, subject: Expr, test: &Test) -> Expr {
        match test {
            Test::Equals(value) => subject.eq(self.bind(value)),
            Test::In(set) => self.among(subject, set),
            Test::AtLeast(value) => subject.gte(self.bind(value)),
            Test::AtMost(value) => subject.lte(self.bind(value)),
            Test::Above(value) => subject.gt(self.bind(value)),
            Test::Below(value) => subject.lt(self.bind(value)),
            Test::StartsWith(text) => {
                let begins = subject.clone().gte(self.bind(&Bound::Text(text.clone())));
                match first_after(text) {
                    Some(end) => begins.and(subject.lt(self.bind(&Bound::Text(end)))),
                    None => begins,
                }
            }
            Test::Contains(text) => self.dialect.contains(subject, self.bind(&Bound::Text(text.clone()))),
            Test::IsNull(true) => subject.is_null(),
            Test::IsNull(false) => subject.is_not_null(),
        }
    }

    fn among(&self, subject: Expr, set: &Set) -> Expr {
        match set {
            Set::Ids(ids) => self.dialect.among_ids(subject, ids),
            Set::Texts(texts) | Set::Values(texts) => self.dialect.among_texts(subject, texts),
            Set::Records(records) => subject.in_subquery(self.survivors(records)),
        }
    }

    /// The ids of records. A merged record gives its survivor.
    fn survivors(&self, records: &[Reference]) -> SelectStatement {
        let (ids, keys) = Reference::split(records.iter().cloned());
        let ids: Vec<_> = ids.into_iter().map(|id| id.0).collect();
        let survivor = |found: &dyn Fn(&str) -> Expr| {
            let record = self.fresh();
            let id = Func::coalesce([col(&record, "merged_into_id"), col(&record, "id")]);
            let found = found(&record);
            Query::select().expr_as(id, name("id")).from_as(name("record"), name(&record)).and_where(found).take()
        };
        let mut by_id = survivor(&|record| self.dialect.among_ids(col(record, "id"), &ids));
        let by_key = survivor(&|record| self.dialect.among_texts(col(record, "key"), &keys));
        by_id.union(UnionType::All, by_key).take()
    }

    /// Whether some row of a link satisfies a condition. Where few rows do, the database finds them first, and looks the
    /// row up among them. Otherwise it looks at the rows of this row.
    fn some(&self, rows: &LinkedRows, row: &str) -> Expr {
        let alias = self.fresh();
        if rows.are_few() {
            let (select, join) = self.satisfying(rows, &alias, None);
            if let Some((column, of)) = join {
                let mut select = select;
                return col(row, of).in_subquery(select.expr(column).take());
            }
        }
        let (mut select, _) = self.satisfying(rows, &alias, Some(&Row::table(row)));
        Expr::exists(select.expr(Expr::cust("1")).take())
    }

    /// The same, if few rows of the table satisfy the condition; else it holds.
    fn some_of_few(&self, rows: &LinkedRows, row: &str) -> Expr {
        let alias = self.fresh();
        let mut some = Query::select();
        some.expr(Expr::cust("1")).from_as(name(rows.table.name), name(&alias)).limit(FEW + 1);
        for condition in &rows.only {
            some.and_where(self.condition(condition, &alias, None));
        }
        let count = Query::select().expr(Expr::cust("count(*)")).from_subquery(some, name(&self.fresh())).take();
        let are_many = scalar(count).gt(Expr::cust(FEW.to_string()));
        CaseStatement::new().case(are_many, always()).finally(self.some(rows, row)).into()
    }

    /// Whether each of some records is a row of a link. An unknown record is none.
    fn each(&self, rows: &LinkedRows, records: &Set, row: &str) -> Expr {
        let Set::Records(records) = records else {
            return never();
        };
        let distinct = records.iter().collect::<BTreeSet<_>>().len();
        let all = i64::try_from(distinct).unwrap_or(i64::MAX);
        let alias = self.fresh();
        let (mut select, _) = self.satisfying(rows, &alias, Some(&Row::table(row)));
        select.and_where(col(&alias, "id").in_subquery(self.survivors(records)));
        let found = scalar(select.expr(Expr::cust("count(*)")).take());
        let survivors = self.fresh();
        // -1 where a record is unknown: no count equals that
        let known = Query::select()
            .expr(
                self.dialect
                    .with("case when count(*) = @ then count(distinct id) else -1 end", self.bind(&Bound::Int(all))),
            )
            .from_subquery(self.survivors(records), name(&survivors))
            .take();
        found.eq(scalar(known))
    }

    /// The rows of a link that satisfy a condition, and the columns that are equal on both sides. Without a parent, they
    /// are those of all parents.
    fn satisfying(
        &self,
        rows: &LinkedRows,
        alias: &str,
        parent: Option<&Row>,
    ) -> (SelectStatement, Option<(Expr, &'static str)>) {
        let mut linked = self.linked(rows.table, alias, &rows.link, parent, &Arguments::new());
        self.restrict(&mut linked, rows.table, alias, &rows.link, &rows.only);
        (linked.select, linked.join)
    }

    /// Whether the point of the row is in a circle. SQLite may lack the functions of angles, so points are unit vectors.
    fn near(&self, circle: &Circle, row: &str) -> Expr {
        let square = |column: &str, centre: f64| {
            let apart = || col(row, column).sub(self.bind(&Bound::Float(centre)));
            apart().mul(apart())
        };
        let [x, y, z] = circle.centre;
        let squared = square("point_x", x).add(square("point_y", y)).add(square("point_z", z));
        squared.lte(self.bind(&Bound::Float(circle.chord_squared)))
    }
}

/// The first text after all that begin with a text, so that they are one range of an index; none where no text is after them.
fn first_after(text: &str) -> Option<String> {
    let mut letters: Vec<char> = text.chars().collect();
    while let Some(last) = letters.pop() {
        if let Some(next) = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32) {
            letters.push(next);
            return Some(letters.into_iter().collect());
        }
    }
    None
}

fn always() -> Expr {
    Expr::cust("1 = 1")
}

fn never() -> Expr {
    Expr::cust("1 = 0")
}
