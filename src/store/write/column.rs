//! New rows of Postgres, column by column: each column is one array.

use sea_orm::{
    Value,
    sqlx::{Arguments as _, Encode, Postgres, Type, postgres::PgArguments},
};

use crate::store::seat::Seen;

use super::insert::Part;

/// A statement that inserts the rows of several tables, and its arguments. Foreign keys are looked at when all of it is done.
pub(super) fn insert(parts: Vec<Part>) -> (String, PgArguments) {
    one_of(Vec::new(), parts, PgArguments::default())
}

/// The same, but it takes the turn of writers first, and inserts nothing where that is not to be had, or where something was
/// written since somebody looked.
pub(super) fn insert_in_turn(mut parts: Vec<Part>, Seen(seen): Seen) -> (String, PgArguments) {
    for part in &mut parts {
        part.end.insert_str(0, " WHERE (SELECT is_mine FROM turn)");
    }
    let mut arguments = PgArguments::default();
    arguments.add(seen).expect("a number can be written");
    one_of(vec!["turn AS MATERIALIZED (SELECT take_turn($1) AS is_mine)".to_owned()], parts, arguments)
}

/// One statement of several, the last of which answers.
fn one_of(mut before: Vec<String>, parts: Vec<Part>, mut arguments: PgArguments) -> (String, PgArguments) {
    let mut texts: Vec<String> = parts.into_iter().map(|part| text(part, &mut arguments)).collect();
    let last = texts.pop().unwrap_or_default();
    before.extend(texts.iter().enumerate().map(|(index, text)| format!("part_{index} AS ({text})")));
    let sql = if before.is_empty() { last } else { format!("WITH {} {last}", before.join(", ")) };
    (sql, arguments)
}

fn text(part: Part, arguments: &mut PgArguments) -> String {
    let Part { table, columns, values, end } = part;
    let mut by_column: Vec<Vec<Value>> =
        columns.iter().map(|_| Vec::with_capacity(values.len() / columns.len())).collect();
    for (index, value) in values.into_iter().enumerate() {
        by_column[index % columns.len()].push(value);
    }
    let arrays: Vec<String> = by_column
        .into_iter()
        .map(|values| {
            let ty = add(arguments, values);
            format!("${}::{ty}[]", arguments.len())
        })
        .collect();
    format!("INSERT INTO {table} (\"{}\") SELECT * FROM unnest({}){end}", columns.join("\", \""), arrays.join(", "))
}

/// Adds an array, and gives the type of its items. All values of a column are of one kind, null or not.
fn add(arguments: &mut PgArguments, values: Vec<Value>) -> &'static str {
    macro_rules! array {
        ($($kind:ident => $name:literal),+) => {
            match values.first() {
                $(Some(Value::$kind(_)) => {
                    let items = values.into_iter().map(|value| match value {
                        Value::$kind(item) => item,
                        other => unreachable!("a column of {} holds {other:?}", $name),
                    });
                    add_array(arguments, items.collect());
                    $name
                })+
                other => unreachable!("no entity has a column of {other:?}"),
            }
        };
    }
    array!(
        Bool => "bool", SmallInt => "int2", Int => "int4", BigInt => "int8", Double => "float8", String => "text",
        Uuid => "uuid", ChronoDate => "date", ChronoDateTimeUtc => "timestamptz"
    )
}

fn add_array<T>(arguments: &mut PgArguments, items: Vec<Option<T>>)
where
    Vec<Option<T>>: for<'a> Encode<'a, Postgres> + Type<Postgres>,
{
    arguments.add(items).expect("arrays of plain values can be written");
}
