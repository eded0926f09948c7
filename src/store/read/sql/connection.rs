//! A page of a list as one JSON expression: nodes, edges, page information, count, facets and histogram, each only where it is selected.

use super::{
    super::{
        declare::EdgeData,
        page,
        plan::{ConnectionField, ConnectionPlan, EdgeFieldPlan, NodePlan, PageInfoField},
    },
    builder::{JsonText, Row, Sql, literal, name, scalar},
};
use sea_orm::sea_query::{CaseStatement, Expr, Func, Query};

impl Sql {
    /// The object of a connection; `parent` is the row that it belongs to, none at the root.
    pub(super) fn connection(&self, parent: Option<&Row>, c: &ConnectionPlan) -> Expr {
        let alias = self.fresh();
        let row = Row::derived(&alias);
        let page = &c.page;
        // one row more than the page shows whether more follow
        let ahead = c.asks(if page.backward {
            |part| matches!(part, PageInfoField::HasPreviousPage)
        } else {
            |part| matches!(part, PageInfoField::HasNextPage)
        });
        let ends = c.asks(|part| matches!(part, PageInfoField::StartCursor | PageInfoField::EndCursor));
        let counted = ahead || ends || page.backward;

        let mut whole = JsonText::default();
        let mut cursors = false;
        for (i, (key, part)) in c.fields.iter().enumerate() {
            whole.key(i == 0, key);
            match part {
                ConnectionField::Constant(json) => whole.literal(json),
                ConnectionField::Nodes(item) => {
                    whole.append(self.page_array(self.item(&row, item).concat(), c, counted, ahead));
                }
                ConnectionField::Edges(edge) => {
                    cursors |= edge.iter().any(|(_, part)| matches!(part, EdgeFieldPlan::Cursor));
                    let text = self.edge(parent, &row, c, edge);
                    whole.append(self.page_array(text.concat(), c, counted, ahead));
                }
                ConnectionField::TotalCount => {
                    let mut all = self.rows(c.ty, &self.fresh(), &c.link, parent, &c.arguments, &c.only);
                    let count = self.dialect.cast_text(Expr::cust("count(*)"));
                    whole.value(scalar(all.select.expr(count).take()));
                }
                ConnectionField::Facets(facets) => whole.append(self.facets(parent, c, facets)),
                ConnectionField::Histogram(plan) => whole.append(self.histogram(parent, c, plan)),
                ConnectionField::PageInfo(info) => whole.append(self.page_info(parent, &row, c, info)),
            }
        }
        whole.literal(if c.fields.is_empty() { "{}" } else { "}" });
        let whole = whole.concat();
        let of_rows = |(_, part): &(String, ConnectionField)| {
            matches!(part, ConnectionField::Nodes(_) | ConnectionField::Edges(_))
        };
        if !(ahead || ends || c.fields.iter().any(of_rows)) {
            // no selected field needs the rows of the page
            return scalar(Query::select().expr(whole).take());
        }

        let limit = page.size + u64::from(ahead);
        let mut rows = self.rows_of_page(parent, c, &alias, limit, cursors || ends);
        if counted {
            rows = Query::select()
                .expr(Expr::cust("*"))
                .expr_as(Expr::cust("row_number() over ()"), name("rn"))
                .expr_as(Expr::cust("count(*) over ()"), name("cnt"))
                .from_subquery(rows, name("w"))
                .take();
        }
        scalar(Query::select().expr(whole).from_subquery(rows, name(&alias)).take())
    }

    /// `[...]` of a text per row of the page, in the list's order.
    fn page_array(&self, text: Expr, c: &ConnectionPlan, counted: bool, ahead: bool) -> JsonText {
        let how = match (c.page.backward, counted) {
            (true, _) => " order by rn desc",
            (false, true) => " order by rn",
            (false, false) => "",
        };
        let mut joined = self.dialect.joined(text, how);
        if ahead {
            joined = self.dialect.filtered(joined, &format!("rn <= {}", c.page.size));
        }
        let mut json = JsonText::default();
        json.literal("[");
        json.value(Func::coalesce([joined, literal("")]).into());
        json.literal("]");
        json
    }

    fn item(&self, row: &Row, item: &NodePlan) -> JsonText {
        match item {
            NodePlan::One(object) => self.object(row, object),
            NodePlan::Any(branches) => {
                let mut json = JsonText::default();
                json.value(self.branches(&self.column(row, "kind"), &self.id(row), branches, true));
                json
            }
        }
    }

    fn edge(&self, parent: Option<&Row>, row: &Row, c: &ConnectionPlan, edge: &[(String, EdgeFieldPlan)]) -> JsonText {
        let mut json = JsonText::default();
        for (i, (key, part)) in edge.iter().enumerate() {
            json.key(i == 0, key);
            match part {
                EdgeFieldPlan::Constant(constant) => json.literal(constant),
                EdgeFieldPlan::Node(item) => json.append(self.item(row, item)),
                EdgeFieldPlan::Cursor => json.append(self.cursor(row, c)),
                EdgeFieldPlan::EdgeData(kind, EdgeData::Column(column)) => {
                    json.append(self.to_json(self.link_column(row, column.name), *kind, column.nullable));
                }
                EdgeFieldPlan::EdgeData(_, EdgeData::Expression(make)) => {
                    json.value(make(self, parent.unwrap_or(row), row));
                }
            }
        }
        json.literal(if edge.is_empty() { "{}" } else { "}" });
        json
    }

    /// The cursor of a row whose keys are its columns `k0`, `k1`, ...
    fn cursor(&self, row: &Row, c: &ConnectionPlan) -> JsonText {
        let keys = c.order.iter().enumerate().map(|(i, key)| self.input(row.key_column(i), key.scalar, false));
        self.slot(page::cursor, page::cursor_arguments(&c.list, &c.order), keys.collect())
    }

    fn page_info(
        &self,
        parent: Option<&Row>,
        row: &Row,
        c: &ConnectionPlan,
        info: &[(String, PageInfoField)],
    ) -> JsonText {
        let size = c.page.size;
        let backward = c.page.backward;
        let mut json = JsonText::default();
        let truth = |json: &mut JsonText, condition: Expr| {
            json.value(CaseStatement::new().case(condition, literal("true")).finally(literal("false")).into());
        };
        for (i, (key, part)) in info.iter().enumerate() {
            json.key(i == 0, key);
            match part {
                PageInfoField::Constant(constant) => json.literal(constant),
                PageInfoField::HasNextPage | PageInfoField::HasPreviousPage
                    if matches!(part, PageInfoField::HasNextPage) != backward =>
                {
                    truth(&mut json, Expr::cust(format!("count(*) > {size}")));
                }
                PageInfoField::HasNextPage | PageInfoField::HasPreviousPage => {
                    if c.page.after.is_none() && !backward || c.page.before.is_none() && backward {
                        json.literal("false");
                        continue;
                    }
                    truth(&mut json, self.has_rows_before(parent, c));
                }
                // An empty page has no cursors, even if the list goes on.
                PageInfoField::StartCursor | PageInfoField::EndCursor if size == 0 => json.literal("null"),
                PageInfoField::StartCursor | PageInfoField::EndCursor => {
                    let first = matches!(part, PageInfoField::StartCursor) != backward;
                    let at = if first {
                        "rn = 1".to_owned()
                    } else {
                        format!("rn = case when cnt > {size} then {size} else cnt end")
                    };
                    let cursor = self.dialect.only(self.cursor(row, c).concat(), &at);
                    json.value(Func::coalesce([cursor, literal("null")]).into());
                }
            }
        }
        json.literal(if info.is_empty() { "{}" } else { "}" });
        json
    }
}
