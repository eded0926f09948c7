//! A page of a list as one text expression: nodes, edges, page information and count, each only where it is asked for.

use super::{
    super::{
        declare::{Arguments, Told},
        page,
        plan::{Connection, EdgePart, InfoPart, Item, Part},
    },
    builder::{Pieces, Row, Sql, literal, name, scalar, whole},
};
use sea_orm::sea_query::{CaseStatement, Expr, Func, Query};
use serde_json::Value as Json;

impl Sql {
    /// `{...}` of a connection; `parent` is the row that it belongs to, none at the root.
    pub(super) fn connection(&self, parent: Option<&Row>, c: &Connection) -> Expr {
        let alias = self.fresh();
        let row = Row::derived(&alias);
        let page = &c.page;
        // one row more than the page tells whether there is another one behind it
        let ahead = c.asks(if page.backward {
            |part| matches!(part, InfoPart::HasPreviousPage)
        } else {
            |part| matches!(part, InfoPart::HasNextPage)
        });
        let ends = c.asks(|part| matches!(part, InfoPart::StartCursor | InfoPart::EndCursor));
        let counted = ahead || ends || page.backward;

        let mut whole = Pieces::default();
        let mut cursors = false;
        for (i, (key, part)) in c.fields.iter().enumerate() {
            whole.key(i == 0, key);
            match part {
                Part::Constant(json) => whole.literal(json),
                Part::Nodes(item) => {
                    whole.append(self.page_array(self.item(&row, item).concat(), c, counted, ahead));
                }
                Part::Edges(edge) => {
                    cursors |= edge.iter().any(|(_, part)| matches!(part, EdgePart::Cursor));
                    let text = self.edge(parent, &row, c, edge);
                    whole.append(self.page_array(text.concat(), c, counted, ahead));
                }
                Part::TotalCount => {
                    let mut all = self.rows(c.ty, &self.fresh(), &c.link, parent, &c.arguments, &c.only);
                    let count = self.dialect.cast_text(Expr::cust("count(*)"));
                    whole.value(scalar(all.select.expr(count).take()));
                }
                Part::PageInfo(info) => whole.append(self.page_info(parent, &row, c, info)),
            }
        }
        whole.literal(if c.fields.is_empty() { "{}" } else { "}" });
        let whole = whole.concat();
        let of_rows = |(_, part): &(String, Part)| matches!(part, Part::Nodes(_) | Part::Edges(_));
        if !(ahead || ends || c.fields.iter().any(of_rows)) {
            // nothing that is asked for is made of the page's rows
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
    fn page_array(&self, text: Expr, c: &Connection, counted: bool, ahead: bool) -> Pieces {
        let how = match (c.page.backward, counted) {
            (true, _) => " order by rn desc",
            (false, true) => " order by rn",
            (false, false) => "",
        };
        let mut joined = self.dialect.joined(text, how);
        if ahead {
            joined = self.dialect.filtered(joined, &format!("rn <= {}", c.page.size));
        }
        let mut pieces = Pieces::default();
        pieces.literal("[");
        pieces.value(Func::coalesce([joined, literal("")]).into());
        pieces.literal("]");
        pieces
    }

    fn item(&self, row: &Row, item: &Item) -> Pieces {
        match item {
            Item::One(object) => self.object(row, object),
            Item::Any(branches) => {
                let mut pieces = Pieces::default();
                pieces.value(self.branches(&self.column(row, "kind"), &self.id(row), branches, true));
                pieces
            }
        }
    }

    fn edge(&self, parent: Option<&Row>, row: &Row, c: &Connection, edge: &[(String, EdgePart)]) -> Pieces {
        let mut pieces = Pieces::default();
        for (i, (key, part)) in edge.iter().enumerate() {
            pieces.key(i == 0, key);
            match part {
                EdgePart::Constant(json) => pieces.literal(json),
                EdgePart::Node(item) => pieces.append(self.item(row, item)),
                EdgePart::Cursor => pieces.append(self.cursor(row, c)),
                EdgePart::Told(kind, Told::Column(column)) => {
                    pieces.append(self.spell(self.link_column(row, column.name), *kind, column.nullable));
                }
                EdgePart::Told(_, Told::Made(make)) => {
                    pieces.value(make(self, parent.unwrap_or(row), row));
                }
            }
        }
        pieces.literal(if edge.is_empty() { "{}" } else { "}" });
        pieces
    }

    /// The cursor of a row whose keys are its columns `k0`, `k1`, ...
    fn cursor(&self, row: &Row, c: &Connection) -> Pieces {
        let keys = c.order.iter().enumerate().map(|(i, key)| self.input(row.key_column(i), key.scalar, false));
        let mut arguments = Arguments::new();
        arguments.insert("tag".to_owned(), page::tag(&c.list, &c.order).into());
        self.slot(
            |keys, arguments| {
                // numbers as Rust writes them: the same on both databases
                let keys: Vec<Json> = keys.iter().map(whole).collect();
                Json::String(page::encode(arguments.get("tag").unwrap_or(&Json::Null), &keys))
            },
            arguments,
            keys.collect(),
        )
    }

    fn page_info(&self, parent: Option<&Row>, row: &Row, c: &Connection, info: &[(String, InfoPart)]) -> Pieces {
        let size = c.page.size;
        let backward = c.page.backward;
        let mut pieces = Pieces::default();
        let truth = |pieces: &mut Pieces, condition: Expr| {
            pieces.value(CaseStatement::new().case(condition, literal("true")).finally(literal("false")).into());
        };
        for (i, (key, part)) in info.iter().enumerate() {
            pieces.key(i == 0, key);
            match part {
                InfoPart::Constant(json) => pieces.literal(json),
                InfoPart::HasNextPage | InfoPart::HasPreviousPage
                    if matches!(part, InfoPart::HasNextPage) != backward =>
                {
                    truth(&mut pieces, Expr::cust(format!("count(*) > {size}")));
                }
                InfoPart::HasNextPage | InfoPart::HasPreviousPage => {
                    if c.page.after.is_none() && !backward || c.page.before.is_none() && backward {
                        pieces.literal("false");
                        continue;
                    }
                    truth(&mut pieces, self.anything_passed(parent, c));
                }
                InfoPart::StartCursor | InfoPart::EndCursor => {
                    let first = matches!(part, InfoPart::StartCursor) != backward;
                    let at = if first {
                        "rn = 1".to_owned()
                    } else {
                        format!("rn = case when cnt > {size} then {size} else cnt end")
                    };
                    let cursor = self.dialect.only(self.cursor(row, c).concat(), &at);
                    pieces.value(Func::coalesce([cursor, literal("null")]).into());
                }
            }
        }
        pieces.literal(if info.is_empty() { "{}" } else { "}" });
        pieces
    }
}
