//! The postings of the index, in blocks of records.

use std::collections::{BTreeMap, HashMap};

use entity::search_posting;
use rayon::slice::ParallelSliceMut;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, Statement};

use crate::{
    store::{
        Error, Transaction,
        write::{
            TableWriter,
            list::{among_parameter, list, values_in},
        },
    },
    text::retrieval::{read_block, write_block},
};

use super::parameter;

/// The change of a posting: `None` deletes it.
pub(super) struct PostingChange {
    pub(super) block: i32,
    pub(super) term: String,
    pub(super) place: u32,
    pub(super) posting: Option<String>,
}

/// Writes the changes of postings. Blocks up to `last_block` may have postings already.
pub(super) async fn write_postings(
    transaction: &Transaction,
    writer: &mut TableWriter<'_>,
    mut changes: Vec<PostingChange>,
    last_block: Option<i32>,
) -> Result<(), Error> {
    changes.par_sort_unstable_by(|one, other| {
        (one.block, &one.term, one.place).cmp(&(other.block, &other.term, other.place))
    });
    let (mut added, mut changed) = (Vec::new(), Vec::new());
    for of_block in changes.chunk_by(|one, other| one.block == other.block) {
        let block = of_block[0].block;
        let of_terms = || of_block.chunk_by(|one, other| one.term == other.term);
        let mut stored = HashMap::new();
        if last_block.is_some_and(|last| block <= last) {
            stored = stored_postings(transaction, block, of_terms().map(|of_term| of_term[0].term.clone())).await?;
        }
        let mut removed = Vec::new();
        for of_term in of_terms() {
            let term = of_term[0].term.clone();
            let before = stored.get(&term);
            let mut postings: BTreeMap<u32, &str> = before.into_iter().flat_map(|text| read_block(text)).collect();
            for PostingChange { place, posting, .. } in of_term {
                match posting {
                    Some(posting) => postings.insert(*place, posting),
                    None => postings.remove(place),
                };
            }
            if postings.is_empty() {
                removed.push(term);
                continue;
            }
            let rows = if before.is_some() { &mut changed } else { &mut added };
            rows.push(search_posting::Model { term, block, postings: write_block(postings) });
        }
        delete_postings(transaction, block, removed).await?;
    }
    // The table grows in the order of its key.
    added.sort_unstable_by(|one, other| (&one.term, one.block).cmp(&(&other.term, other.block)));
    writer.insert::<search_posting::Entity, _, _>(added).await?;
    writer.replace::<search_posting::Entity, _>(changed).await
}

/// The stored postings of terms in a block.
async fn stored_postings(
    transaction: &Transaction,
    block: i32,
    terms: impl Iterator<Item = String>,
) -> Result<HashMap<String, String>, Error> {
    use search_posting::Column::{Block, Postings, Term};
    let terms: Vec<String> = terms.collect();
    let in_block = Condition::all().add(Block.eq(block));
    let rows: Vec<(String, String)> =
        values_in::<search_posting::Entity, _, _>(transaction, [Term, Postings], (Term, &terms), in_block).await?;
    Ok(rows.into_iter().collect())
}

async fn delete_postings(transaction: &Transaction, block: i32, terms: Vec<String>) -> Result<(), Error> {
    if terms.is_empty() {
        return Ok(());
    }
    let backend = transaction.get_database_backend();
    let sql = format!(
        "DELETE FROM search_posting WHERE term {} AND block = {}",
        among_parameter(backend, 1),
        parameter(backend, 2)
    );
    let values = [list(backend, terms), block.into()];
    transaction.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    Ok(())
}
