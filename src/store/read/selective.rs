//! Which conditions find their rows with an index, and which of them are satisfied by few rows. It depends on the column: of
//! two comparisons with a text, one of a key finds a record, and one of a language finds half of a table.

use super::{
    comparison::{Bound, Set, Test},
    filter::{Circle, LinkedRows, Predicate},
    link::Link,
};

/// Columns with texts of which few rows have the same one.
const DISTINCT: [(&str, &[&str]); 3] = [
    ("record", &["key", "key_key"]),
    ("record_name", &["text", "text_key"]),
    ("article", &["headline", "headline_key", "url", "url_key"]),
];

/// Other columns by which an index finds rows.
const INDEXED: [(&str, &[&str]); 10] = [
    ("place", &["country_code", "latitude"]),
    ("organization", &["founded_earliest", "dissolved_earliest"]),
    ("person", &["born_earliest", "died_earliest"]),
    ("article", &["published_asc", "published_desc"]),
    ("event", &["rank_asc", "rank_desc", "rank_start", "rank_end"]),
    ("relation", &["since_earliest", "until_earliest"]),
    ("mention", &["anchor"]),
    ("citation", &["anchor"]),
    ("revision", &["actor"]),
    ("record", &["deleted_at"]),
];

/// Tables with the texts of a record that are filtered by their letters.
const TEXTS_OF_RECORD: [&str; 2] = ["record_name", "record_gram"];

/// The shortest beginning of a text that few texts have.
const LETTERS_OF_FEW: usize = 3;
/// The circles in which few places are: those with a radius of less than about 500 km.
const CHORD_SQUARED_OF_FEW: f64 = 0.006;

impl LinkedRows {
    /// Whether it is better to begin with the rows that satisfy the conditions (`IN`) than to look at the linked rows of each row
    /// (`EXISTS`). The names of the row itself that begin with a letter are few enough.
    #[must_use]
    pub fn are_few(&self) -> bool {
        let table = self.table.name;
        self.only.iter().any(|only| only.is_selective(table) || is_of_record(self) && only.is_sorted_after(table))
    }
}

impl Predicate {
    /// Whether few rows of the table satisfy it.
    #[must_use]
    pub fn is_selective(&self, table: &str) -> bool {
        match self {
            Self::All(list) => list.iter().any(|inner| inner.is_selective(table)),
            Self::Any(list) => !list.is_empty() && list.iter().all(|inner| inner.is_selective(table)),
            Self::Test(column, test) => test.leaves_few(LETTERS_OF_FEW, || has(&DISTINCT, table, column)),
            Self::Some(rows) => rows.only.iter().any(|inner| inner.is_selective(rows.table.name)),
            Self::Near(circle) => circle.is_small(),
            Self::HasGrams(_) | Self::Found(_) => true,
            // the records of each row are counted
            Self::Not(_) | Self::OfLink(..) | Self::SomeOfFew(_) | Self::Each(..) => false,
        }
    }

    /// Whether a list with this filter is sorted after it, and not read in the order of an index: if the filter leaves few rows. The first
    /// letter of a name suffices. Names are the order of most lists, and those that begin with a late letter come last in it. The rows of
    /// a frequent record are not few, such as the articles that mention a country.
    #[must_use]
    pub fn is_sorted_after(&self, table: &str) -> bool {
        match self {
            Self::All(list) => list.iter().any(|inner| inner.is_sorted_after(table)),
            Self::Any(list) => !list.is_empty() && list.iter().all(|inner| inner.is_sorted_after(table)),
            Self::Test(column, test) => test.leaves_few(1, || has(&DISTINCT, table, column)),
            Self::Some(rows) if is_of_record(rows) => {
                rows.only.iter().any(|inner| inner.is_sorted_after(rows.table.name))
            }
            Self::Near(circle) => circle.is_small(),
            Self::HasGrams(_) | Self::Found(_) => true,
            _ => false,
        }
    }

    /// Whether an index finds the rows of the table that satisfy it. Else each row may have to be looked at.
    #[must_use]
    pub fn is_indexed(&self, table: &str) -> bool {
        match self {
            Self::All(list) => list.iter().any(|inner| inner.is_indexed(table)),
            Self::Any(list) => list.iter().all(|inner| inner.is_indexed(table)),
            Self::Test(column, test) if !matches!(test, Test::IsNull(true) | Test::Contains(_)) => {
                has(&INDEXED, table, column) || self.is_selective(table)
            }
            // the same record
            Self::Some(rows) if matches!(rows.link, Link::Match("id", "id")) => {
                rows.only.iter().any(|inner| inner.is_indexed(rows.table.name))
            }
            _ => self.is_selective(table),
        }
    }
}

/// Whether the rows of the link are those of the record itself, and not of others.
fn is_of_record(rows: &LinkedRows) -> bool {
    matches!(rows.link, Link::Match("id", "id")) || TEXTS_OF_RECORD.contains(&rows.table.name)
}

fn has(columns: &[(&str, &[&str])], table: &str, column: &str) -> bool {
    columns.iter().any(|(of, columns)| *of == table && columns.contains(&column))
}

impl Test {
    /// Whether few rows pass it, where few texts begin with so many letters, and it is known of the column whether its texts are distinct.
    fn leaves_few(&self, letters: usize, is_distinct: impl Fn() -> bool) -> bool {
        match self {
            Self::In(Set::Ids(_) | Set::Records(_)) => true,
            Self::Equals(Bound::Text(_)) | Self::In(Set::Texts(_)) => is_distinct(),
            Self::StartsWith(text) => text.chars().count() >= letters && is_distinct(),
            _ => false,
        }
    }
}

impl Circle {
    fn is_small(&self) -> bool {
        self.chord_squared < CHORD_SQUARED_OF_FEW
    }
}
