//! How large the tables are, in steps. A count visits every row, so it costs by the size of its table.

use std::collections::HashMap;

/// The tables whose rows can be counted, and those of links.
const TABLES: [&str; 17] = [
    "record",
    "article",
    "place",
    "organization",
    "person",
    "event",
    "relation",
    "participation",
    "mention",
    "citation",
    "revision",
    "place_event",
    "event_entity",
    "article_entity",
    "relation_end",
    "event_place",
    "person_nationality",
];

/// A count in a table with up to this number of rows, and its cost.
const STEPS: [(u64, u64); 3] = [(1_000, 10), (10_000, 100), (100_000, 1_000)];
/// The cost of a count in a larger table.
const LARGEST: u64 = 2_000;

/// The sizes of the tables. Until they are measured, all tables count as small.
#[derive(Clone, Debug, Default)]
pub struct TableSizes(HashMap<String, u64>);

impl TableSizes {
    /// The statement that measures all tables. It visits no more rows than the steps need.
    pub(super) fn statement() -> String {
        let most = STEPS[STEPS.len() - 1].0 + 1;
        let each = TABLES.map(|table| {
            format!("'\"{table}\":' || (select count(*) from (select 1 from \"{table}\" limit {most}) rows_of_{table})")
        });
        format!("select '{{' || {} || '}}'", each.join(" || ',' || "))
    }

    /// Reads the result of the statement.
    pub(super) fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self)
    }

    /// What a count of this table costs. A table that is not measured costs as much as the largest one.
    #[must_use]
    pub fn cost_of_count(&self, table: &str) -> u64 {
        let rows = self.0.get(table).or_else(|| self.0.values().max()).copied().unwrap_or(0);
        STEPS.iter().find(|(most, _)| rows <= *most).map_or(LARGEST, |(_, cost)| *cost)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_costs_by_the_size_of_its_table_in_steps() {
        let sizes = TableSizes::from_json(r#"{"place":1000,"article":1001,"event":20000,"revision":100001}"#).unwrap();
        let costs = ["place", "article", "event", "revision", "not measured"].map(|table| sizes.cost_of_count(table));
        assert_eq!(costs, [10, 100, 1_000, 2_000, 2_000]);
        assert_eq!(TableSizes::default().cost_of_count("event"), 10, "before they are measured");
    }
}
