//! Checks a whole database: its file, the rules of records, and that everything that follows from other data does follow from it.

use std::collections::{BTreeMap, HashMap};

use entity::{
    Id,
    vocabulary::{RecordKind, Vocabulary as _},
};

use crate::{
    store::{
        self, Connection, Transaction,
        check::{broken_rules, cycles, file_problems, lost_references},
        write::{DerivedDifference, RecordRow, all_records, derived_differences, load},
    },
    text::article::with_article,
};

use super::write::differences;

/// How many records are in memory at once.
const RECORDS_AT_ONCE: usize = 1_000;

/// The step of a check, for its progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckProgress {
    /// Checks the pages and references of the file.
    File,
    /// Checks the rules of records.
    Rules,
    /// Compares records and what follows from them.
    Records {
        /// The records that are done.
        done: usize,
        /// All records.
        of: usize,
    },
}

/// What to do about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Remedy {
    /// Data is lost: restore a backup.
    Restore,
    /// An import of an export into a new database computes it again.
    Import,
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, and where.
    pub message: String,
    /// What to do.
    pub remedy: Remedy,
}

/// The result of a check.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    /// How many records were checked.
    pub records: usize,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl CheckReport {
    fn add(&mut self, remedy: Remedy, message: String) {
        self.findings.push(Finding { message, remedy });
    }
}

/// Checks one state of a database, to which others may write meanwhile. Nothing is changed.
pub async fn check(
    connection: &Connection,
    progress: &(dyn Fn(CheckProgress) + Send + Sync),
) -> Result<CheckReport, store::Error> {
    let transaction = connection.begin_read().await?;
    let mut report = CheckReport::default();
    progress(CheckProgress::File);
    for problem in file_problems(&transaction).await? {
        report.add(Remedy::Restore, format!("the file is damaged: {problem}"));
    }
    if report.findings.is_empty() {
        for (table, count) in lost_references(&transaction).await? {
            report.add(
                Remedy::Restore,
                format!("{table}: {} to a row that is missing", counted(count, "row refers", "rows refer")),
            );
        }
        check_records(&transaction, &mut report, progress).await?;
    }
    transaction.roll_back().await?;
    Ok(report)
}

/// Checks what the records say.
async fn check_records(
    transaction: &Transaction,
    report: &mut CheckReport,
    progress: &(dyn Fn(CheckProgress) + Send + Sync),
) -> Result<(), store::Error> {
    progress(CheckProgress::Rules);
    let mut records = all_records(transaction).await?;
    records.sort_unstable_by_key(|row| row.id);
    report.records = records.len();
    let names = Names::new(&records);
    for (broken, ids) in broken_rules(transaction).await? {
        report.add(Remedy::Restore, format!("{broken}: {}{}", ids.len(), names.example(ids.first())));
    }
    let cycles = cycles(transaction).await?;
    for (kind, id) in &cycles {
        let word = kind.as_str().to_lowercase();
        report.add(
            Remedy::Restore,
            format!("{} contains itself, directly or through others: {}", with_article(&word), names.of(*id)),
        );
    }
    let with_places = cycles.iter().all(|(kind, _)| *kind != RecordKind::Place);

    let kinds: HashMap<Id, RecordKind> = records.iter().map(|row| (row.id, row.kind)).collect();
    let mut differing: BTreeMap<&'static str, Vec<Id>> = BTreeMap::new();
    let mut derived: BTreeMap<&'static str, DerivedDifference> = BTreeMap::new();
    let mut done = 0;
    for chunk in records.chunks(RECORDS_AT_ONCE) {
        progress(CheckProgress::Records { done, of: records.len() });
        let ids: Vec<(Id, RecordKind)> = chunk.iter().map(|row| (row.id, row.kind)).collect();
        let rows = load(transaction, &ids).await?;
        for (table, id) in differences(&rows, &kinds) {
            differing.entry(table).or_default().push(id);
        }
        for difference in derived_differences(transaction, &rows, with_places).await? {
            let sum =
                derived.entry(difference.table).or_insert(DerivedDifference { missing: 0, surplus: 0, ..difference });
            sum.missing += difference.missing;
            sum.surplus += difference.surplus;
        }
        done += chunk.len();
    }
    progress(CheckProgress::Records { done, of: records.len() });
    for (table, ids) in differing {
        let (count, example) = (counted(ids.len(), "record", "records"), names.example(ids.first()));
        let message = format!("{table}: the stored rows differ from what the service writes for {count}{example}");
        report.add(Remedy::Import, message);
    }
    for difference in derived.into_values() {
        let DerivedDifference { table, missing, surplus, record } = difference;
        let example = names.example(record.as_ref());
        report.add(Remedy::Import, format!("{table}: {missing} rows are missing and {surplus} are wrong{example}"));
    }
    Ok(())
}

/// How messages name records.
struct Names<'a>(HashMap<Id, &'a RecordRow>);

impl<'a> Names<'a> {
    fn new(records: &'a [RecordRow]) -> Self {
        Self(records.iter().map(|row| (row.id, row)).collect())
    }

    fn of(&self, id: Id) -> String {
        match self.0.get(&id) {
            Some(RecordRow { key: Some(key), kind, .. }) => format!("the {} {key}", kind.as_str().to_lowercase()),
            Some(row) => format!("the {} {id}", row.kind.as_str().to_lowercase()),
            None => id.to_string(),
        }
    }

    fn example(&self, id: Option<&Id>) -> String {
        id.map(|id| format!(", such as {}", self.of(*id))).unwrap_or_default()
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
