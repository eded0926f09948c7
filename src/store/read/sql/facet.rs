//! Facets and histograms of a list as JSON. Both are over the whole filtered list, not over a page of it.

use super::{
    super::{
        declare::{Facet, FacetMeaning, FacetValues, Hidden, LinkedValues, Scalar, Table, Type, VISIBLE_RECORDS},
        expression::best_name,
        histogram::histogram,
        plan::{BucketField, ConnectionPlan, FacetField, FacetPlan, HistogramPlan},
        words::Words,
    },
    builder::{JsonText, Row, Sql, balanced, bracketed, col, literal, name, scalar},
    rows::direction,
};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, JoinType, Query, SelectStatement, WindowStatement};

/// Rows with values, and where in them the record and the value are.
struct ValueRows {
    select: SelectStatement,
    owner: Expr,
    /// Whether the record is hidden, where the rows say it.
    hidden_owner: Option<Expr>,
    value: Expr,
}

impl Sql {
    /// The facets of a list.
    pub(super) fn facets(&self, parent: Option<&Row>, c: &ConnectionPlan, facets: &[FacetPlan]) -> JsonText {
        let mut json = JsonText::default();
        json.literal("[");
        for (i, facet) in facets.iter().enumerate() {
            json.literal(if i == 0 { "" } else { "," });
            json.value(self.facet(parent, c, facet));
        }
        json.literal("]");
        json
    }

    fn facet(&self, parent: Option<&Row>, c: &ConnectionPlan, plan: &FacetPlan) -> Expr {
        let alias = self.fresh();
        let mut whole = JsonText::default();
        for (i, (key, field)) in plan.fields.iter().enumerate() {
            whole.key(i == 0, key);
            match field {
                FacetField::Constant(json) => whole.literal(json),
                FacetField::Total => whole.value(self.dialect.cast_text(Expr::cust("count(*)"))),
                FacetField::Missing => whole.value(self.missing(parent, c, plan)),
                FacetField::Buckets(fields) => {
                    let bucket = self.bucket(&alias, plan, fields).concat();
                    let joined = self.dialect.joined(bucket, " order by rn");
                    whole.value(bracketed(self.dialect.filtered(joined, &format!("rn <= {}", plan.first))));
                }
            }
        }
        whole.literal(if plan.fields.is_empty() { "{}" } else { "}" });
        let mut facet = Query::select();
        facet.expr(whole.concat());
        if plan.fields.iter().any(|(_, field)| matches!(field, FacetField::Total | FacetField::Buckets(_))) {
            facet.from_subquery(self.ranked(parent, c, plan), name(&alias));
        }
        scalar(facet)
    }

    fn bucket(&self, alias: &str, plan: &FacetPlan, fields: &[(String, BucketField)]) -> JsonText {
        let value = || col(alias, "value");
        let scalar_of_value = match &plan.facet.meaning {
            FacetMeaning::Words(_) => Scalar::Text,
            FacetMeaning::Records(..) => Scalar::Id,
        };
        let mut json = JsonText::default();
        for (i, (key, field)) in fields.iter().enumerate() {
            json.key(i == 0, key);
            match (field, &plan.facet.meaning) {
                (BucketField::Constant(constant), _) => json.literal(constant),
                (BucketField::Value, _) => json.append(self.to_json(value(), scalar_of_value, false)),
                (BucketField::Count, _) => json.value(self.dialect.cast_text(col(alias, "n"))),
                (BucketField::Label(languages), FacetMeaning::Words(words)) => {
                    let input = self.to_json(value(), Scalar::Text, false);
                    json.append(self.label_slot(*words, languages.clone(), input));
                }
                (BucketField::Label(languages), FacetMeaning::Records(types, _)) => {
                    let name = |row: &Row| best_name(self, row, languages);
                    let label = self.of_record(&types(), &col(alias, "kind"), &value(), name);
                    json.append(self.to_json(label, Scalar::Text, false));
                }
                (BucketField::Record(branches), _) => {
                    let found = match branches.as_slice() {
                        [object] => self.by_id(object, value()),
                        branches => self.branches(&col(alias, "kind"), &value(), branches, false),
                    };
                    json.value(Func::coalesce([found, literal("null")]).into());
                }
                (BucketField::IsSelected, _) => {
                    let tests = plan.selected.iter().map(|test| self.test(value(), test)).collect();
                    let selected = balanced(tests, &|left, right| left.and(right));
                    let selected = selected.unwrap_or_else(|| Expr::cust("1 = 0"));
                    json.append(self.to_json(selected, Scalar::Boolean, false));
                }
            }
        }
        json.literal(if fields.is_empty() { "{}" } else { "}" });
        json
    }

    /// The visible values with their counts, numbered in their order: the most frequent first, then by label.
    fn ranked(&self, parent: Option<&Row>, c: &ConnectionPlan, plan: &FacetPlan) -> SelectStatement {
        let counted = self.fresh();
        let value = || col(&counted, "value");
        let mut ranked = Query::select();
        ranked.expr_as(value(), name("value")).expr_as(col(&counted, "n"), name("n"));
        ranked.from_subquery(self.counted(parent, c, plan), name(&counted));
        let mut order = WindowStatement::new();
        order.order_by_expr(col(&counted, "n"), direction(true));
        match &plan.facet.meaning {
            FacetMeaning::Words(words) => {
                let place = self.dialect.place_in(value(), &plan.order);
                let last = Expr::cust(plan.order.len().to_string());
                order.order_by_expr(Func::coalesce([place, last]).into(), direction(false));
                if words.folded.is_some() {
                    order.order_by_expr(self.dialect.byte_order(col(&counted, "folded")), direction(false));
                }
                order.order_by_expr(self.dialect.byte_order(value()), direction(false));
            }
            FacetMeaning::Records(types, _) => {
                let (types, target) = (types(), self.fresh());
                self.join_visible(&mut ranked, table_of(&types), &target, value());
                let kind = || col(&target, "kind");
                if types.len() > 1 {
                    ranked.expr_as(kind(), name("kind"));
                }
                let key = match types.as_slice() {
                    [_] => col(&target, "name_key"),
                    types => self.of_record(types, &kind(), &value(), |row| self.column(row, "name_key")),
                };
                order.order_by_expr(key, direction(false)).order_by_expr(value(), direction(false));
            }
        }
        ranked.expr_window_as(Expr::cust("row_number()"), order, name("rn"));
        ranked
    }

    /// The values with the number of records that have them. Those that are records may be hidden ones.
    fn counted(&self, parent: Option<&Row>, c: &ConnectionPlan, plan: &FacetPlan) -> SelectStatement {
        let alias = self.fresh();
        let mut rows = self.rows(c.ty, &alias, &c.link, parent, &c.arguments, &plan.only);
        match &plan.facet.values {
            FacetValues::Own(column) => {
                let mut counted = rows.select;
                counted.expr_as(col(&alias, column.name), name("value")).expr_as(Expr::cust("count(*)"), name("n"));
                if let FacetMeaning::Words(Words { folded: Some(folded), .. }) = &plan.facet.meaning {
                    counted.expr_as(Func::min(col(&alias, folded)), name("folded"));
                }
                counted.and_where(col(&alias, column.name).is_not_null());
                counted.add_group_by([self.dialect.without_index(col(&alias, column.name))]).take()
            }
            FacetValues::Linked(linked) => {
                let ValueRows { mut select, owner, hidden_owner, value } = self.value_rows(plan.facet, linked);
                let (count, group) = if linked.repeats {
                    (self.dialect.distinct_count(owner.clone()), value.clone())
                } else {
                    (Expr::cust("count(*)"), self.dialect.without_index(value.clone()))
                };
                select.expr_as(value, name("value")).expr_as(count, name("n"));
                if let (true, Some(is_hidden)) = (rows.is_whole_table, hidden_owner) {
                    select.and_where(is_hidden.not());
                } else {
                    rows.export(&[("id".to_owned(), false)]);
                    let is_owner = col(&alias, "id").eq(owner);
                    select.join_subquery(JoinType::InnerJoin, rows.select, name(&alias), is_owner);
                }
                select.add_group_by([group]).take()
            }
        }
    }

    /// The number of records without a value.
    fn missing(&self, parent: Option<&Row>, c: &ConnectionPlan, plan: &FacetPlan) -> Expr {
        let alias = self.fresh();
        let mut rows = self.rows(c.ty, &alias, &c.link, parent, &c.arguments, &plan.only).select;
        let one = || Expr::cust("1");
        match (&plan.facet.values, &plan.facet.meaning) {
            (FacetValues::Own(column), _) if !column.nullable => return literal("0"),
            (FacetValues::Own(column), FacetMeaning::Words(_)) => {
                rows.and_where(col(&alias, column.name).is_null());
            }
            (FacetValues::Own(column), FacetMeaning::Records(types, _)) => {
                let (table, target, mut found) = (table_of(&types()), self.fresh(), Query::select());
                found.expr(one()).from_as(name(table.name), name(&target));
                found.and_where(col(&target, "id").eq(col(&alias, column.name)));
                self.hide_deleted(&mut found, table, &target, None, false);
                rows.and_where(Expr::exists(found).not());
            }
            (FacetValues::Linked(linked), meaning) => {
                let ValueRows { mut select, owner, value, .. } = self.value_rows(plan.facet, linked);
                if let FacetMeaning::Records(types, _) = meaning {
                    self.join_visible(&mut select, table_of(&types()), &self.fresh(), value);
                }
                select.expr(one()).and_where(owner.eq(col(&alias, "id")));
                rows.and_where(Expr::exists(select).not());
            }
        }
        scalar(rows.expr(self.dialect.cast_text(Expr::cust("count(*)"))).take())
    }

    /// The visible rows with the values of a facet.
    fn value_rows(&self, facet: &Facet, linked: &LinkedValues) -> ValueRows {
        let alias = self.fresh();
        let mut select = Query::select();
        select.from_as(name(linked.table), name(&alias));
        for (column, test) in &linked.only {
            select.and_where(self.test(col(&alias, column), test));
        }
        if let Some(table) = linked.rule {
            self.hide_deleted(&mut select, table(), &alias, Some(linked.owner), false);
        }
        let (owner, mut value) = (col(&alias, linked.owner), col(&alias, linked.value));
        let hidden_owner = linked.hidden_owner.map(|column| col(&alias, column));
        if let (true, FacetMeaning::Records(types, _)) = (linked.containing, &facet.meaning) {
            let above = self.fresh();
            // a place in the bin is in no other place; few are there
            if let Hidden::Column(is_hidden) = table_of(&types()).hidden {
                let (hidden, mut ids) = (self.fresh(), Query::select());
                ids.expr(col(&hidden, "id")).from_as(name(table_of(&types()).name), name(&hidden));
                select.and_where(value.clone().not_in_subquery(ids.and_where(col(&hidden, is_hidden)).take()));
            }
            let is_below = col(&above, "descendant_id").eq(value);
            select.join_as(JoinType::InnerJoin, name("place_closure"), name(&above), is_below);
            value = col(&above, "ancestor_id");
        }
        if let FacetMeaning::Records(types, Some(kind)) = &facet.meaning {
            // not a list of all places of the kind: SQLite would begin with it
            let (alias, mut of_kind) = (self.fresh(), Query::select());
            of_kind.expr(Expr::cust("1")).from_as(name(table_of(&types()).name), name(&alias));
            of_kind.and_where(col(&alias, "id").eq(value.clone())).and_where(col(&alias, "kind").eq(literal(kind)));
            select.and_where(Expr::exists(of_kind));
        }
        ValueRows { select, owner, hidden_owner, value }
    }

    /// Joins the visible row of a table with this id.
    fn join_visible(&self, select: &mut SelectStatement, table: &Table, alias: &str, id: Expr) {
        select.join_as(JoinType::InnerJoin, name(table.name), name(alias), col(alias, "id").eq(id));
        self.hide_deleted(select, table, alias, None, false);
    }

    /// A value of the record with this id, which is of one of these types; `kind` says of which, where there are several.
    fn of_record(&self, types: &[&Type], kind: &Expr, id: &Expr, value: impl Fn(&Row) -> Expr) -> Expr {
        let of = |ty: &Type| {
            let alias = self.fresh();
            let mut found = Query::select();
            found.expr(value(&Row::table(&alias))).from_as(name(ty.table.name), name(&alias));
            scalar(found.and_where(col(&alias, "id").eq(id.clone())).take())
        };
        if let [ty] = types {
            return of(ty);
        }
        let case =
            |case: CaseStatement, ty: &&Type| case.case(kind.clone().eq(literal(ty.kind.unwrap_or_default())), of(ty));
        types.iter().fold(CaseStatement::new(), case).into()
    }

    /// The histogram of a list: its dates with their counts, of which Rust makes bars.
    pub(super) fn histogram(&self, parent: Option<&Row>, c: &ConnectionPlan, plan: &HistogramPlan) -> JsonText {
        let (alias, dates) = (self.fresh(), self.fresh());
        let (start, end) = (col(&alias, plan.date.start), col(&alias, plan.date.end));
        let mut rows = self.rows(c.ty, &alias, &c.link, parent, &c.arguments, &c.only).select;
        rows.expr_as(start.clone(), name("first")).expr_as(end.clone(), name("last"));
        rows.expr_as(Expr::cust("count(*)"), name("n")).add_group_by([start, end]);
        let mut date = JsonText::default();
        for (before, column) in [("[", "first"), (",", "last"), (",", "n")] {
            date.literal(before);
            date.value(self.dialect.cast_text(col(&dates, column)));
        }
        date.literal("]");
        let all = bracketed(self.dialect.joined(date.concat(), ""));
        let mut input = JsonText::default();
        input.value(scalar(Query::select().expr(all).from_subquery(rows, name(&dates)).take()));
        self.checked_slot(histogram, plan.arguments.clone(), input)
    }
}

/// The table in which the records of all of these types are.
fn table_of(types: &[&'static Type]) -> &'static Table {
    if let [ty] = types { &ty.table } else { &VISIBLE_RECORDS }
}
