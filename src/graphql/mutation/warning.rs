//! `warnings` of a payload: what an editor should look at, although the change was made.

use super::{
    declare::ANY_RECORD,
    json::{json, list, object, read as read_value},
    reads::{RecordFields, RecordReads, read},
};
use crate::{
    domain::write::Warning,
    graphql::{
        compiled::{self, PlanResult, Selection, SelectionSets, selection_sets},
        request::RootFields,
    },
    store::read::{
        ReadError,
        declare::{Enumeration, Scalar},
        plan::RootPlan,
    },
};
use async_graphql::{Context, registry::Registry};
use entity::vocabulary::{Vocabulary as _, WarningCode};

/// A selected field of `Warning`.
pub(super) enum WarningField {
    Constant(&'static str),
    Code,
    Message,
    Field,
    /// The other record, with its result key.
    Record(usize),
}

/// The warnings of a payload.
#[derive(Default)]
pub(super) struct WarningData {
    warnings: Vec<Warning>,
    /// The other record of each; empty where nothing was read.
    records: Vec<RecordFields>,
}

/// Registers the type.
pub(super) fn register(registry: &mut Registry) {
    let code = compiled::scalar(registry, Scalar::Enumeration(Enumeration::of::<WarningCode>()));
    compiled::plain_object(
        registry,
        "Warning",
        "Something that an editor should look at. It does not prevent the change.".to_owned(),
        &[
            ("code", format!("{code}!"), "The kind of warning."),
            ("message", "String!".to_owned(), "A description of what was found."),
            (
                "field",
                "[String!]".to_owned(),
                "The path from the top of the input to the field, or the name of an argument, as in `UserError`.",
            ),
            ("record", "Record".to_owned(), "The other record. In a dry run, null where the same call creates it."),
        ],
    );
}

/// Plans the selected fields.
///
/// # Errors
/// An invalid argument of a selected field.
pub(super) fn plan<'a>(
    selection: &mut Selection<'a>,
    records: &mut RecordReads,
    below: &SelectionSets<'a>,
) -> PlanResult<Vec<(String, WarningField)>> {
    let mut parts = vec![];
    for (key, nodes) in selection.fields_of("Warning", below) {
        selection.path.push(key.to_owned());
        selection.count(nodes[0].pos)?;
        let part = match nodes[0].node.name.node.as_str() {
            "code" => WarningField::Code,
            "message" => WarningField::Message,
            "field" => WarningField::Field,
            "record" => {
                let objects = selection.objects(&ANY_RECORD.types(), &selection_sets(&nodes))?;
                WarningField::Record(records.object(objects))
            }
            _ => WarningField::Constant("\"Warning\""),
        };
        selection.path.pop();
        parts.push((key.to_owned(), part));
    }
    Ok(parts)
}

impl WarningData {
    /// Reads the selected fields of the records.
    pub(super) async fn read(
        ctx: &Context<'_>,
        roots: &mut RootFields,
        root: Option<RootPlan>,
        warnings: Vec<Warning>,
    ) -> Result<Self, ReadError> {
        let records = match root.filter(|_| !warnings.is_empty()) {
            Some(root) => read(ctx, roots, root, warnings.iter().map(|warning| warning.record).collect()).await?,
            None => vec![],
        };
        Ok(Self { warnings, records })
    }

    /// Writes the selected fields.
    pub(super) fn write(&self, out: &mut Vec<u8>, parts: &[(String, WarningField)]) {
        let all: Vec<usize> = (0..self.warnings.len()).collect();
        list(out, &all, |out, at| {
            let warning = &self.warnings[*at];
            object(out, parts, |out, part| match part {
                WarningField::Constant(text) => out.extend_from_slice(text.as_bytes()),
                WarningField::Code => json(out, warning.code.as_str()),
                WarningField::Message => json(out, &warning.message),
                WarningField::Field => json(out, &warning.field),
                WarningField::Record(result_key) => read_value(out, self.records.get(*at), *result_key),
            });
        });
    }
}
