//! Turns `where` and `orderBy` into conditions and sort keys. Validation has checked their types already. This module
//! checks the values: the format of ids, the length of lists, the depth of a `where`.

use super::{
    date_condition::{FUZZY_DATE, day_condition, fuzzy_date_condition, on_day},
    operand::{FilterProblem, bound, ids, is_true, object, records, stored_forms, text, texts},
    operator::{self, IsIn, OfText, OfValue, Operator, of_value},
    space::{in_box, near},
};
use crate::{
    store::read::{
        declare::{Filter, FilterKind, FilteredText, Key, Link, ManyFilter, Scalar, Subject, Type, VISIBLE_RECORDS},
        filter::{Bound, Predicate, Set, Test},
        record_search::RecordSearch,
    },
    text::analysis::query::Query,
};
use entity::vocabulary::RecordType;
use serde_json::{Map, Value as Json};
use std::cell::Cell;

/// How deep a `where` may be.
pub(super) const MAX_DEPTH: usize = 20;
/// The maximum number of comparisons in one `where`.
pub(super) const MAX_COMPARISONS: usize = 100;

/// The sort keys of `orderBy`.
pub(super) fn order(ty: &Type, asked: Option<&Json>) -> Vec<Key> {
    let mut keys: Vec<Key> = vec![];
    let criteria = match asked {
        Some(Json::Array(criteria)) => criteria.as_slice(),
        Some(one @ Json::Object(_)) => std::slice::from_ref(one),
        _ => &[],
    };
    for criterion in criteria {
        let field = criterion.get("field").and_then(Json::as_str).unwrap_or_default();
        let descending = criterion.get("direction").and_then(Json::as_str) == Some("DESC");
        for key in ty.keys(field, descending).unwrap_or_default() {
            // a column that is a sort key already has no further effect
            if !keys.iter().any(|known| known.column == key.column) {
                keys.push(key);
            }
        }
    }
    keys
}

/// The condition of a `where`; `None` where it holds for every row.
pub(super) fn condition(ty: &Type, asked: &Json, order: &[Key]) -> Result<Option<Predicate>, FilterProblem> {
    let Json::Object(asked) = asked else {
        return Ok(None);
    };
    let compared = Cell::new(0);
    let whole = Position { order, depth: 0, path: "where".to_owned(), compared: &compared, times: 1 };
    let condition = whole.where_of(ty, asked)?;
    Ok((!condition.always_holds()).then_some(condition))
}

/// A position in a `where`.
#[derive(Clone)]
struct Position<'a> {
    /// The order of the list, where the condition is on its rows.
    order: &'a [Key],
    depth: usize,
    path: String,
    /// How many comparisons were read so far.
    compared: &'a Cell<usize>,
    /// In how many places of the statement the condition stands.
    times: usize,
}

impl Position<'_> {
    fn at(&self, name: impl std::fmt::Display) -> Self {
        Self { path: format!("{}.{name}", self.path), ..self.clone() }
    }

    /// The same for a condition on other rows.
    fn elsewhere(&self, name: &str) -> Self {
        Self { order: &[], ..self.at(name) }
    }

    /// The same position, for a condition on another row.
    fn nested(&self) -> Self {
        Self { order: &[], ..self.clone() }
    }

    /// Counts a comparison, before anything is made of it.
    fn count(&self) -> Result<(), FilterProblem> {
        let compared = self.compared.get().saturating_add(self.times);
        self.compared.set(compared);
        if compared > MAX_COMPARISONS {
            return Err(FilterProblem::Limit(format!(
                "`where` has more than {MAX_COMPARISONS} comparisons. Use `in` to compare with many values at once."
            )));
        }
        Ok(())
    }

    /// Counts the comparisons of a filter whose operators are not counted one by one.
    fn count_whole(&self, kind: &FilterKind, given: &Map<String, Json>) -> Result<(), FilterProblem> {
        match kind {
            FilterKind::Day { .. } => given.values().filter(|value| !value.is_null()).try_for_each(|_| self.count()),
            FilterKind::Records(_)
            | FilterKind::Values(..)
            | FilterKind::OnDay(_)
            | FilterKind::Near
            | FilterKind::Box
            | FilterKind::Search(_) => self.count(),
            _ => Ok(()),
        }
    }

    /// The condition of the filters of a type. All of them hold.
    fn where_of(&self, ty: &Type, asked: &Map<String, Json>) -> Result<Predicate, FilterProblem> {
        if self.depth == MAX_DEPTH {
            let message = format!("{} is too deep: a `where` has at most {MAX_DEPTH} levels.", self.path);
            return Err(FilterProblem::Value(message));
        }
        let inner = Self { depth: self.depth + 1, ..self.clone() };
        let compared = self.compared.get();
        let mut all = vec![];
        for (name, value) in asked.iter().filter(|(_, value)| !value.is_null()) {
            let position = inner.at(name);
            match name.as_str() {
                "and" => all.extend(position.each(ty, value)?),
                "or" => all.push(Predicate::Any(position.each(ty, value)?)),
                "not" => all.push(Predicate::all_of(position.each(ty, value)?).negated()),
                name => {
                    if let Some(filter) = ty.filter_named(name) {
                        all.extend(position.filter(filter, value)?);
                    }
                }
            }
        }
        if self.compared.get() == compared {
            // so that the number of objects without a comparison is limited as well
            self.count()?;
        }
        Ok(Predicate::all_of(all))
    }

    /// The conditions of a list of `where`s, or of one.
    fn each(&self, ty: &Type, value: &Json) -> Result<Vec<Predicate>, FilterProblem> {
        match value {
            Json::Array(items) => {
                let objects = items.iter().enumerate().filter_map(|(i, item)| Some((i, item.as_object()?)));
                objects.map(|(i, object)| self.at(i).where_of(ty, object)).collect()
            }
            one => object(one).map(|object| self.where_of(ty, object)).into_iter().collect(),
        }
    }

    fn filter(&self, filter: &Filter, value: &Json) -> Result<Vec<Predicate>, FilterProblem> {
        let path = self.path.as_str();
        let empty = Map::new();
        let given = object(value).unwrap_or(&empty);
        self.count_whole(&filter.kind, given)?;
        Ok(match &filter.kind {
            FilterKind::Text(text) => self.text(*text, given)?,
            FilterKind::Value(subject, scalar) => self.value(*subject, *scalar, given)?,
            FilterKind::Record(meaning) => {
                self.set(given, |value, path| Ok(meaning(Set::Records(records(value, path)?))))?
            }
            FilterKind::FuzzyDate(columns) => self.each_operator(&FUZZY_DATE, given, |meaning, value, path| {
                fuzzy_date_condition(*columns, self.order, (meaning, value), path)
            })?,
            FilterKind::Day { asc, desc } => day_condition((asc, desc), self.order, given, path)?,
            FilterKind::Many(many) => self.many(many, given)?,
            FilterKind::One { target, column, .. } => {
                let (target, link) = (target(), Link::Match("id", column));
                let mut all = vec![];
                if let Some(is) = given.get("is").and_then(object) {
                    let condition = self.elsewhere("is").where_of(target, is)?;
                    all.push(Predicate::some_row(&target.table, link.clone(), listed(condition)));
                }
                if let Some(wanted) = given.get("isNull").and_then(Json::as_bool) {
                    self.count()?;
                    all.push(Predicate::some_row(&target.table, link, vec![]).when(!wanted));
                }
                all
            }
            FilterKind::Where { target, column } => {
                let target = target();
                let condition = self.nested().where_of(target, given)?;
                vec![Predicate::some_row(&target.table, Link::Match("id", column), listed(condition))]
            }
            FilterKind::WhereOfType { target, column } => {
                let target = target();
                let condition = self.nested().where_of(target, given)?;
                let kind = target.kind.unwrap_or_default().to_owned();
                let is_other = Predicate::Test("kind", Test::In(Set::Values(vec![kind]))).negated();
                let matching = Predicate::some_row(&target.table, Link::Match("id", column), listed(condition));
                vec![Predicate::any_of(vec![is_other, matching])]
            }
            FilterKind::Entity { filters, columns } => {
                let times = self.times.saturating_mul(columns.len());
                let condition = Self { times, ..self.nested() }.where_of(filters(), given)?;
                if condition.always_holds() {
                    vec![]
                } else {
                    let of = |column| condition.clone().behind(&VISIBLE_RECORDS, &Link::Match("id", column));
                    vec![Predicate::any_of(columns.iter().copied().map(of).collect())]
                }
            }
            FilterKind::Records(meaning) => vec![meaning(Set::Records(records(value, path)?))],
            FilterKind::Values(_, meaning) => vec![meaning(Set::Values(texts(value, path)?))],
            FilterKind::OnDay(meaning) => vec![meaning(on_day(value, path)?)],
            FilterKind::Near => vec![near(given, path)?],
            FilterKind::Box => vec![in_box(given, path)?],
            FilterKind::Search(kind) => vec![search(*kind, value, path)?],
        })
    }

    /// The conditions of a filter by a text.
    fn text(&self, subject: FilteredText, given: &Map<String, Json>) -> Result<Vec<Predicate>, FilterProblem> {
        self.each_operator(&operator::TEXT, given, |meaning, value, path| {
            Ok(match meaning {
                OfText::Folded(condition) => condition(subject, &text(value, path)?),
                OfText::IsNull => subject.exact.test(Test::IsNull(is_true(value))),
                OfText::In(is_in) => subject.exact.test(Test::In(Set::Texts(stored_forms(value, path)?))).when(is_in),
                // a text may have several forms
                OfText::Equals => {
                    let test = match <[String; 1]>::try_from(stored_forms(value, path)?) {
                        // an index of a text and a sort key serves both for one text only
                        Ok([text]) => Test::Equals(Bound::Text(text)),
                        Err(forms) => Test::In(Set::Texts(forms)),
                    };
                    subject.exact.test(test)
                }
            })
        })
    }

    /// The conditions of a filter by another scalar.
    fn value(
        &self,
        subject: Subject,
        scalar: Scalar,
        given: &Map<String, Json>,
    ) -> Result<Vec<Predicate>, FilterProblem> {
        let among = |set| subject.test(Test::In(set));
        match scalar {
            Scalar::Id => self.set(given, |value, path| Ok(among(Set::Ids(ids(value, path)?)))),
            Scalar::Enumeration(_) => self.set(given, |value, path| Ok(among(Set::Values(texts(value, path)?)))),
            _ => self.each_operator(of_value(scalar), given, |meaning, value, path| {
                Ok(subject.test(match meaning {
                    OfValue::Test(test) => test(bound(scalar, value, path)?),
                    OfValue::IsNull => Test::IsNull(is_true(value)),
                }))
            }),
        }
    }

    /// The conditions of a filter by a set of values. One value is a set as well: a merged record means its survivor.
    fn set(
        &self,
        given: &Map<String, Json>,
        among: impl Fn(&Json, &str) -> Result<Predicate, FilterProblem>,
    ) -> Result<Vec<Predicate>, FilterProblem> {
        self.each_operator(&operator::SET, given, |IsIn(is_in), value, path| Ok(among(value, path)?.when(is_in)))
    }

    fn each_operator<M: Copy>(
        &self,
        operators: &[Operator<M>],
        given: &Map<String, Json>,
        condition: impl Fn(M, &Json, &str) -> Result<Predicate, FilterProblem>,
    ) -> Result<Vec<Predicate>, FilterProblem> {
        let one = |operator: &Operator<M>| {
            let value = given.get(operator.name).filter(|value| !value.is_null())?;
            let path = format!("{}.{}", self.path, operator.name);
            Some(self.count().and_then(|()| condition(operator.meaning, value, &path)))
        };
        operators.iter().filter_map(one).collect()
    }

    /// The conditions on the rows of a link. All but those of `none` hold for the same row.
    fn many(&self, many: &ManyFilter, given: &Map<String, Json>) -> Result<Vec<Predicate>, FilterProblem> {
        let target = (many.target)();
        let rows = |condition: Vec<Predicate>| {
            let (link, mut only) = (many.link)();
            only.extend(condition);
            Predicate::some_row(&target.table, link, only)
        };
        let is_alone = given.values().filter(|value| !value.is_null()).count() == 1;
        if let Some((name, meaning)) = many.alone.filter(|(name, _)| is_alone && !is_absent(given, name)) {
            self.count()?;
            return Ok(vec![meaning(Set::Records(records(&given[name], &self.elsewhere(name).path)?))]);
        }
        let (mut all, mut same) = (vec![], None::<Vec<Predicate>>);
        for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
            let position = self.elsewhere(name);
            let wanted = object(value);
            match (name.as_str(), wanted) {
                ("some", Some(wanted)) => {
                    same.get_or_insert_default().extend(listed(position.where_of(target, wanted)?));
                }
                ("none", Some(wanted)) => all.push(rows(listed(position.where_of(target, wanted)?)).negated()),
                (name, _) => {
                    if let Some(filter) = target.filter_named(name).filter(|_| many.lifted.contains(&name)) {
                        same.get_or_insert_default().extend(position.filter(filter, value)?);
                    } else if let Some(filter) = many.of_link.iter().find(|filter| filter.name == name) {
                        let conditions = position.filter(filter, value)?;
                        if !conditions.is_empty() {
                            same.get_or_insert_default().extend(conditions);
                        }
                    } else if let Some(filter) = many.of_row.iter().find(|filter| filter.name == name) {
                        all.extend(position.filter(filter, value)?);
                    }
                }
            }
        }
        all.extend(same.map(rows));
        Ok(all)
    }
}

/// The condition that a search finds the row.
fn search(kind: RecordType, value: &Json, path: &str) -> Result<Predicate, FilterProblem> {
    let query = Query::parse(value.as_str().unwrap_or_default()).map_err(|problem| problem.message(path))?;
    Ok(Predicate::Found(Box::new(RecordSearch { query, kind })))
}

fn is_absent(given: &Map<String, Json>, name: &str) -> bool {
    given.get(name).is_none_or(Json::is_null)
}

/// A condition as a list, which is empty where it always holds.
fn listed(condition: Predicate) -> Vec<Predicate> {
    if let Predicate::All(list) = condition { list } else { vec![condition] }
}
