//! `consequences` of a payload: what a change takes along. The write says which records and passages these are. They are read after
//! it; in a dry run, as they are stored.

use super::{
    declare::{ANY_RECORD, ANY_RELATION},
    json::{json, list, object, read as read_value},
    reads::{RecordFields, RecordReads, read},
};
use crate::{
    domain::write::{Consequences, LostPassage, MAX_CONSEQUENCES},
    graphql::{
        CITATION, MENTION,
        compiled::{self, PlanResult, Selection, SelectionSets, selection_sets},
        request::RootFields,
    },
    store::read::{
        ReadError,
        plan::{ObjectPlan, RootPlan},
    },
    text::Nearest,
};
use async_graphql::{Context, registry::Registry};
use entity::Id;

/// A selected field of `Consequences`.
pub(super) enum ConsequencePlan {
    Constant(&'static str),
    Lost(Vec<(String, LostField)>),
    /// A list of records, and the result key of each.
    Records(Followers, usize),
}

/// A list of records that change with others.
#[derive(Clone, Copy)]
pub(super) enum Followers {
    Dates,
    Records,
    Relations,
}

/// A selected field of `LostPassage`.
pub(super) enum LostField {
    Constant(&'static str),
    /// The citation or the mention, with its result key.
    Read(usize),
    Nearest(Vec<(String, NearestField)>),
}

/// A selected field of `NearestPassage`.
pub(super) enum NearestField {
    Constant(&'static str),
    Text,
    Start,
    End,
    Similarity,
}

/// The reads of each list.
#[derive(Default)]
pub(super) struct ConsequenceReads {
    lost: RecordReads,
    dates: RecordReads,
    records: RecordReads,
    relations: RecordReads,
}

/// The plans of these reads.
pub(super) struct ConsequenceRoots {
    lost: Option<RootPlan>,
    dates: Option<RootPlan>,
    records: Option<RootPlan>,
    relations: Option<RootPlan>,
}

/// What was read.
#[derive(Default)]
pub(super) struct ConsequenceData {
    lost: Vec<(LostPassage, RecordFields)>,
    dates: Vec<RecordFields>,
    records: Vec<RecordFields>,
    relations: Vec<RecordFields>,
}

/// Registers the types.
pub(super) fn register(registry: &mut Registry) {
    let (citation, mention) = (compiled::object(registry, &CITATION), compiled::object(registry, &MENTION));
    compiled::plain_object(
        registry,
        "Consequences",
        "What a change takes along. Each list has the first 100 items. What the bin hides is left out. In a dry run, the items are shown as \
         they are stored."
            .to_owned(),
        &[
            (
                "lost",
                "[LostPassage!]!".to_owned(),
                "The citations and mentions that are not in the changed text any more, or could be at several positions of it: their `anchor` \
                 becomes ORPHANED. By article, text and position.",
            ),
            ("dates", "[Record!]!".to_owned(), "The records whose dates follow a date that changes."),
            (
                "records",
                "[Record!]!".to_owned(),
                "All other records that get a new version: those with citations of a changed text, with dates that follow, or with links that \
                 a merge or a revert moves.",
            ),
            ("relations", "[Relation!]!".to_owned(), "The relations that get a new version for one of these reasons."),
        ],
    );
    compiled::plain_object(
        registry,
        "LostPassage",
        "A citation or a mention that is not in its text any more.".to_owned(),
        &[
            ("citation", citation, "The citation; null where it is a mention."),
            ("mention", mention, "The mention; null where it is a citation."),
            (
                "nearest",
                "NearestPassage".to_owned(),
                "The passage of the changed text that is most similar to the lost one; null where none has a similarity of 0.6, or where there \
                 is too much to search.",
            ),
        ],
    );
    compiled::plain_object(
        registry,
        "NearestPassage",
        "A passage that is similar to a lost one. An editor decides whether it is the same.".to_owned(),
        &[
            ("text", "String!".to_owned(), "The words of the passage."),
            (
                "start",
                "Int!".to_owned(),
                "The start of the passage, in Unicode code points from the start of the text.",
            ),
            ("end", "Int!".to_owned(), "The end of the passage: the position after its last code point."),
            (
                "similarity",
                "Float!".to_owned(),
                "How similar it is, from 0.6 to 1: 1 minus the number of code points to replace, add or leave out, as a share of the longer \
                 passage.",
            ),
        ],
    );
}

/// Plans the selected fields.
///
/// # Errors
/// An invalid argument of a selected field.
pub(super) fn plan<'a>(
    selection: &mut Selection<'a>,
    reads: &mut ConsequenceReads,
    below: &SelectionSets<'a>,
) -> PlanResult<Vec<(String, ConsequencePlan)>> {
    let mut parts = vec![];
    for (key, nodes) in selection.fields_of("Consequences", below) {
        selection.path.push(key.to_owned());
        selection.count(nodes[0].pos)?;
        let below = selection_sets(&nodes);
        let part = match nodes[0].node.name.node.as_str() {
            "lost" => ConsequencePlan::Lost(plan_lost(selection, &mut reads.lost, &below)?),
            "dates" => {
                let objects = selection.objects(&ANY_RECORD.types(), &below)?;
                ConsequencePlan::Records(Followers::Dates, reads.dates.object(objects))
            }
            "records" => {
                let objects = selection.objects(&ANY_RECORD.types(), &below)?;
                ConsequencePlan::Records(Followers::Records, reads.records.object(objects))
            }
            "relations" => {
                let objects = selection.objects(&ANY_RELATION.types(), &below)?;
                ConsequencePlan::Records(Followers::Relations, reads.relations.object(objects))
            }
            _ => ConsequencePlan::Constant("\"Consequences\""),
        };
        selection.path.pop();
        parts.push((key.to_owned(), part));
    }
    Ok(parts)
}

fn plan_lost<'a>(
    selection: &mut Selection<'a>,
    reads: &mut RecordReads,
    below: &SelectionSets<'a>,
) -> PlanResult<Vec<(String, LostField)>> {
    let mut parts = vec![];
    // Whatever is selected, a passage that is hidden is found to be so.
    reads.object([&*CITATION, &*MENTION].map(|ty| ObjectPlan { ty, fields: vec![] }).into());
    for (key, nodes) in selection.fields_of("LostPassage", below) {
        selection.path.push(key.to_owned());
        selection.count(nodes[0].pos)?;
        let below = selection_sets(&nodes);
        let part = match nodes[0].node.name.node.as_str() {
            "citation" => LostField::Read(reads.object(vec![selection.object(&CITATION, &below)?])),
            "mention" => LostField::Read(reads.object(vec![selection.object(&MENTION, &below)?])),
            "nearest" => LostField::Nearest(plan_nearest(selection, &below)?),
            _ => LostField::Constant("\"LostPassage\""),
        };
        selection.path.pop();
        parts.push((key.to_owned(), part));
    }
    Ok(parts)
}

fn plan_nearest<'a>(
    selection: &mut Selection<'a>,
    below: &SelectionSets<'a>,
) -> PlanResult<Vec<(String, NearestField)>> {
    let mut parts = vec![];
    for (key, nodes) in selection.fields_of("NearestPassage", below) {
        selection.count(nodes[0].pos)?;
        let part = match nodes[0].node.name.node.as_str() {
            "text" => NearestField::Text,
            "start" => NearestField::Start,
            "end" => NearestField::End,
            "similarity" => NearestField::Similarity,
            _ => NearestField::Constant("\"NearestPassage\""),
        };
        parts.push((key.to_owned(), part));
    }
    Ok(parts)
}

impl ConsequenceReads {
    /// The plan of each read. Its cost is that of the longest list.
    pub(super) fn roots(self) -> ConsequenceRoots {
        let Self { lost, dates, records, relations } = self;
        let [lost, dates, records, relations] =
            [lost, dates, records, relations].map(|reads| reads.root(MAX_CONSEQUENCES));
        ConsequenceRoots { lost, dates, records, relations }
    }
}

impl ConsequenceRoots {
    /// All plans.
    pub(super) fn all(&self) -> impl Iterator<Item = &RootPlan> {
        [&self.lost, &self.dates, &self.records, &self.relations].into_iter().flatten()
    }

    /// Reads the selected fields.
    pub(super) async fn read(
        self,
        ctx: &Context<'_>,
        roots: &mut RootFields,
        found: Consequences,
    ) -> Result<ConsequenceData, ReadError> {
        let Self { lost, dates, records, relations } = self;
        let ids: Vec<Id> = found.lost.iter().map(|passage| passage.id).collect();
        let fields = read_all(ctx, roots, lost, ids).await?;
        Ok(ConsequenceData {
            lost: found.lost.into_iter().zip(fields).collect(),
            dates: read_all(ctx, roots, dates, found.dates).await?,
            records: read_all(ctx, roots, records, found.records).await?,
            relations: read_all(ctx, roots, relations, found.relations).await?,
        })
    }
}

async fn read_all(
    ctx: &Context<'_>,
    roots: &mut RootFields,
    root: Option<RootPlan>,
    ids: Vec<Id>,
) -> Result<Vec<RecordFields>, ReadError> {
    match root.filter(|_| !ids.is_empty()) {
        Some(root) => read(ctx, roots, root, ids).await,
        None => Ok(vec![]),
    }
}

impl ConsequenceData {
    /// Writes the selected fields.
    pub(super) fn write(&self, out: &mut Vec<u8>, parts: &[(String, ConsequencePlan)]) {
        object(out, parts, |out, part| match part {
            ConsequencePlan::Constant(text) => out.extend_from_slice(text.as_bytes()),
            ConsequencePlan::Lost(parts) => {
                let visible: Vec<_> = self.lost.iter().filter(|(_, fields)| fields.is_some()).collect();
                list(out, &visible, |out, (passage, fields)| write_lost(out, parts, passage, fields));
            }
            ConsequencePlan::Records(followers, result_key) => {
                let all = match followers {
                    Followers::Dates => &self.dates,
                    Followers::Records => &self.records,
                    Followers::Relations => &self.relations,
                };
                let visible: Vec<_> = all.iter().filter(|fields| fields.is_some()).collect();
                list(out, &visible, |out, fields| read_value(out, Some(fields), *result_key));
            }
        });
    }
}

fn write_lost(out: &mut Vec<u8>, parts: &[(String, LostField)], passage: &LostPassage, fields: &RecordFields) {
    object(out, parts, |out, part| match (part, &passage.nearest) {
        (LostField::Constant(text), _) => out.extend_from_slice(text.as_bytes()),
        (LostField::Read(result_key), _) => read_value(out, Some(fields), *result_key),
        (LostField::Nearest(parts), Some(nearest)) => {
            object(out, parts, |out, part| write_nearest(out, part, nearest));
        }
        (LostField::Nearest(_), None) => out.extend_from_slice(b"null"),
    });
}

fn write_nearest(out: &mut Vec<u8>, part: &NearestField, nearest: &Nearest) {
    match part {
        NearestField::Constant(text) => out.extend_from_slice(text.as_bytes()),
        NearestField::Text => json(out, &nearest.text),
        NearestField::Start => json(out, &nearest.start),
        NearestField::End => json(out, &nearest.end),
        NearestField::Similarity => json(out, &nearest.similarity),
    }
}
