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
        write::{
            DerivedDifference, IndexCheck, RecordRow, all_records, derived_differences, load, other_analysis_version,
        },
    },
    text::{analysis::VERSION, article::with_article},
};

pub use crate::store::check::Remedy;

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
        for (table, count, remedy) in lost_references(&transaction).await? {
            report.add(
                remedy,
                format!("{table}: {} to a row that is missing", counted(count as u64, "row refers", "rows refer")),
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
    for (broken, remedy, ids) in broken_rules(transaction).await? {
        report.add(remedy, format!("{broken}: {}{}", ids.len(), names.example(ids.first())));
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
    let mut index = IndexCheck::default();
    let mut done = 0;
    for chunk in records.chunks(RECORDS_AT_ONCE) {
        progress(CheckProgress::Records { done, of: records.len() });
        let ids: Vec<(Id, RecordKind)> = chunk.iter().map(|row| (row.id, row.kind)).collect();
        let rows = load(transaction, &ids).await?;
        for (table, id) in differences(&rows, &kinds) {
            differing.entry(table).or_default().push(id);
        }
        for difference in derived_differences(transaction, &rows, with_places).await? {
            derived.entry(difference.table).or_insert(DerivedDifference::none(difference.table)).add(&difference);
        }
        index.add(transaction, &rows).await?;
        done += chunk.len();
    }
    progress(CheckProgress::Records { done, of: records.len() });
    for (table, ids) in differing {
        let (count, example) = (counted(ids.len() as u64, "record", "records"), names.example(ids.first()));
        let message = format!("{table}: the stored rows differ from what the service writes for {count}{example}");
        report.add(Remedy::Import, message);
    }
    for difference in derived.into_values() {
        report.add(Remedy::Import, names.difference(&difference));
    }
    if let Some(version) = other_analysis_version(transaction).await? {
        let message = format!(
            "the search index was made by other rules for words (version {version}; this program has {VERSION})"
        );
        report.add(Remedy::Reindex, message);
    }
    for difference in index.finish(transaction).await? {
        report.add(Remedy::Reindex, names.difference(&difference));
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

    fn difference(&self, difference: &DerivedDifference) -> String {
        let DerivedDifference { table, missing, surplus, wrong, record } = difference;
        let parts = [
            (missing, "row is missing", "rows are missing"),
            (surplus, "row should not be there", "rows should not be there"),
            (wrong, "value is wrong", "values are wrong"),
        ];
        let parts = parts.into_iter().filter(|(count, ..)| **count > 0);
        let parts: Vec<String> = parts.map(|(count, one, many)| counted(*count, one, many)).collect();
        format!("{table}: {}{}", parts.join(" and "), self.example(record.as_ref()))
    }
}

fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
