//! What is asked of a payload, planned before anything is written: what cannot be answered refuses the whole mutation.

use super::declare::{ANY_RECORD, ANY_RELATION, Declared, Does, Gives};
use crate::{
    graphql::compiled::{Planned, Selection, Sets, sets},
    store::read::{
        declare::{Column, Type},
        plan::{Node, Object, Root},
    },
};
use entity::record;
use uuid::Uuid;

/// What is asked of a payload.
pub(super) struct Plan {
    /// What stands under each response key.
    pub(super) parts: Vec<(String, Part)>,
    /// What is read of the records that were written.
    pub(super) records: Wanted,
    /// What is read of those that stand in the way.
    pub(super) current: Wanted,
}

/// What stands under one key: of a payload, or of the result of one of many changes.
pub(super) enum Part {
    Constant(String),
    Id,
    Version,
    /// What is read of the record, at this place.
    Read(usize),
    /// The record, of which nothing is asked but what is known without reading it.
    Known(Vec<(String, OfKnown)>),
    UserErrors(Vec<(String, OfError)>),
    Results(Vec<(String, Part)>),
    IsDryRun,
    Index,
    TemporaryId,
    Operation,
    Changes(Vec<(String, OfChange)>),
}

/// What is known of a record that was written.
pub(super) enum OfKnown {
    Constant(String),
    Id,
    Version,
}

/// What stands under one key of a user error.
pub(super) enum OfError {
    Constant(String),
    Code,
    Message,
    Field,
    Current(usize),
    Differs,
}

/// What stands under one key of a change of a field.
pub(super) enum OfChange {
    Constant(String),
    Field,
    Before,
    After,
}

/// What is read of several records by one statement: at each place an object, or a value.
#[derive(Default)]
pub(super) struct Wanted {
    branches: Vec<Object>,
    places: usize,
    /// Records in the bin are read as well.
    binned: bool,
}

/// The key of a place in what was read of a record.
pub(super) fn place(at: usize) -> String {
    format!("p{at}")
}

impl Wanted {
    fn add(&mut self, nodes: impl Iterator<Item = (&'static Type, Node)>) -> usize {
        let at = self.places;
        self.places += 1;
        for (ty, node) in nodes {
            let found = self.branches.iter().position(|branch| branch.ty.name == ty.name);
            let found = found.unwrap_or_else(|| {
                self.branches.push(Object { ty, fields: vec![] });
                self.branches.len() - 1
            });
            self.branches[found].fields.push((place(at), node));
        }
        at
    }

    /// An object of whichever of these types the record is.
    fn object(&mut self, objects: Vec<Object>) -> usize {
        // the row's own columns under one more key
        let same_row = |object: Object| (object.ty, Node::Embedded { prefix: "", present: "id", object });
        self.add(objects.into_iter().map(same_row))
    }

    /// When the record was put into the bin.
    fn deleted_at(&mut self) -> usize {
        self.binned = true;
        let column = Column::of(record::Column::DeletedAt);
        self.add(ANY_RECORD.types().into_iter().map(|ty| (ty, Node::Record(column))))
    }

    /// The statement's plan, for so many records; none where nothing is asked for.
    pub(super) fn root(self, records: usize) -> Option<Root> {
        let Self { branches, places, binned } = self;
        (places > 0).then(|| Root::Several { sought: vec![None; records], branches, others: vec![], binned })
    }
}

/// Names the records that are to be read.
pub(super) fn seek(root: &mut Root, ids: Vec<Uuid>) {
    if let Root::Several { sought, .. } = root {
        *sought = ids.into_iter().map(Some).collect();
    }
}

/// Plans what is asked of a mutation's payload.
///
/// # Errors
/// Where an argument below is refused.
pub(super) fn plan<'a>(selection: &mut Selection<'a>, declared: &Declared, below: &Sets<'a>) -> Planned<Plan> {
    let mut plan = Plan { parts: vec![], records: Wanted::default(), current: Wanted::default() };
    // who may edit may see what is in the bin: what stands in the way may be there
    plan.current.binned = true;
    for (key, nodes) in selection.on(&declared.payload, below) {
        let node = nodes[0];
        let (at, name) = (node.pos, node.node.name.node.as_str());
        selection.path.push(key.to_owned());
        selection.count(at)?;
        let below = sets(&nodes);
        let part = match declared.fields.iter().find(|field| field.name == name).map(|field| field.gives) {
            Some(Gives::Record(family)) => {
                let objects = selection.objects(&family.types(), &below)?;
                match known(declared.does, &objects) {
                    Some(fields) => Part::Known(fields),
                    None => Part::Read(plan.records.object(objects)),
                }
            }
            Some(Gives::Id) => Part::Id,
            Some(Gives::Version) => Part::Version,
            Some(Gives::DeletedAt) => Part::Read(plan.records.deleted_at()),
            Some(Gives::UserErrors) => Part::UserErrors(errors(selection, &mut plan.current, &below)?),
            Some(Gives::Results) => Part::Results(results(selection, &mut plan.records, &below)?),
            Some(Gives::IsDryRun) => Part::IsDryRun,
            None => Part::Constant(quoted(&declared.payload)),
        };
        selection.path.pop();
        plan.parts.push((key.to_owned(), part));
    }
    Ok(plan)
}

/// What is asked of a record that stays readable, if nothing has to be read for it.
fn known(does: Does, objects: &[Object]) -> Option<Vec<(String, OfKnown)>> {
    let ([object], Does::Create(_) | Does::Update(_)) = (objects, does) else { return None };
    let fields = object.fields.iter().map(|(key, node)| {
        let known = match node {
            Node::Constant(text) => OfKnown::Constant(text.clone()),
            Node::Column(column) if column.name == "id" => OfKnown::Id,
            Node::Record(column) if column.name == "version" => OfKnown::Version,
            _ => return None,
        };
        Some((key.clone(), known))
    });
    fields.collect()
}

/// How many values a mutation makes the database produce, at the most.
pub(super) fn cost(does: Does, edits: usize, records: Option<&Root>, current: Option<&Root>) -> u64 {
    let read = [records, current].into_iter().flatten().map(Root::cost).fold(0, u64::saturating_add);
    let written = if does == Does::ApplyChanges { edits as u64 } else { 1 };
    read.saturating_add(written)
}

fn errors<'a>(
    selection: &mut Selection<'a>,
    current: &mut Wanted,
    below: &Sets<'a>,
) -> Planned<Vec<(String, OfError)>> {
    let mut parts = vec![];
    for (key, nodes) in selection.on("UserError", below) {
        selection.path.push(key.to_owned());
        selection.count(nodes[0].pos)?;
        let part = match nodes[0].node.name.node.as_str() {
            "code" => OfError::Code,
            "message" => OfError::Message,
            "field" => OfError::Field,
            "current" => OfError::Current(current.object(selection.objects(&ANY_RECORD.types(), &sets(&nodes))?)),
            "currentRelation" => {
                OfError::Current(current.object(selection.objects(&ANY_RELATION.types(), &sets(&nodes))?))
            }
            "differs" => OfError::Differs,
            _ => OfError::Constant(quoted("UserError")),
        };
        selection.path.pop();
        parts.push((key.to_owned(), part));
    }
    Ok(parts)
}

fn results<'a>(selection: &mut Selection<'a>, records: &mut Wanted, below: &Sets<'a>) -> Planned<Vec<(String, Part)>> {
    let mut parts = vec![];
    for (key, nodes) in selection.on("ChangeResult", below) {
        selection.path.push(key.to_owned());
        selection.count(nodes[0].pos)?;
        let below = sets(&nodes);
        let part = match nodes[0].node.name.node.as_str() {
            "index" => Part::Index,
            "temporaryId" => Part::TemporaryId,
            "id" => Part::Id,
            "operation" => Part::Operation,
            "version" => Part::Version,
            "changes" => Part::Changes(changes(selection, &below)?),
            "record" => Part::Read(records.object(selection.objects(&ANY_RECORD.types(), &below)?)),
            "relation" => Part::Read(records.object(selection.objects(&ANY_RELATION.types(), &below)?)),
            _ => Part::Constant(quoted("ChangeResult")),
        };
        selection.path.pop();
        parts.push((key.to_owned(), part));
    }
    Ok(parts)
}

fn changes<'a>(selection: &mut Selection<'a>, below: &Sets<'a>) -> Planned<Vec<(String, OfChange)>> {
    let mut parts = vec![];
    for (key, nodes) in selection.on("FieldChange", below) {
        selection.count(nodes[0].pos)?;
        let part = match nodes[0].node.name.node.as_str() {
            "field" => OfChange::Field,
            "before" => OfChange::Before,
            "after" => OfChange::After,
            _ => OfChange::Constant(quoted("FieldChange")),
        };
        parts.push((key.to_owned(), part));
    }
    Ok(parts)
}

/// The name of a type as JSON.
fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}
