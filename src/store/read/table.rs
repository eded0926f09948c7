//! Tables: where the rows of a type are, and which of them are visible.

/// A table that is made when it is first used.
pub type TableRef = fn() -> &'static Table;

/// A table and its hidden rows.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub(crate) name: &'static str,
    /// Which rows are hidden by themselves.
    pub(crate) hidden: Hidden,
    /// Rows are hidden while a record that one of these columns refers to is deleted or merged.
    pub(crate) owners: &'static [&'static str],
    /// Rows without a value in the second column are hidden while the record that the first column refers to is deleted.
    pub(crate) named: Option<(&'static str, &'static str)>,
    /// Rows are hidden while the row of another table that one of these columns refers to is hidden.
    pub(crate) wholes: Vec<(&'static str, TableRef)>,
}

/// Which rows of a table are hidden by themselves.
#[derive(Clone, Copy, Debug)]
pub enum Hidden {
    /// None.
    None,
    /// Those with true in this column.
    Column(&'static str),
    /// In the table `record`: deleted and merged ones.
    Record,
}

/// The table of all records, hidden ones included.
pub static ALL_RECORDS: Table = Table::new("record");
/// The records that are neither deleted nor merged.
pub static VISIBLE_RECORDS: Table =
    Table { name: "record", hidden: Hidden::Record, owners: &[], named: None, wholes: Vec::new() };
/// The sequences of three letters in the names, headline and key of each record.
pub static GRAMS: Table = Table::new("record_gram");
/// The names of records.
pub static NAMES: Table = Table::new("record_name");

impl Table {
    /// A table whose rows are all visible.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, hidden: Hidden::None, owners: &[], named: None, wholes: Vec::new() }
    }
}
