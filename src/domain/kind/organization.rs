//! Organizations.

use entity::{Id, organization, vocabulary::OrganizationKind};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        problem::{Path, Problem},
        shape::{Object, Shape, VocabularyShape, optional, required},
    },
    store::write::Tree,
    text::sort_key,
};

use super::{
    AnchorDate, Body, Facts, FactsMut, HEADER, ID_OR_KEY, Kind, Merge, ORGANIZATION_ONLY, PLACE_ONLY, RowReader,
    RowWriter, fill,
    part::{FUZZY_DATE, FuzzyDate, Items, ItemsMut, Reference, ReferenceVisitor, THING, Thing, visit_one},
};

static ORGANIZATION_KIND: VocabularyShape = VocabularyShape::of::<OrganizationKind>();
pub(super) static SHAPE: Object = Object::new(
    "Organization",
    "An organization of people.",
    &[
        &[required("type", Shape::Constant("ORGANIZATION"), "The kind of record.").read_only()],
        HEADER,
        THING,
        &[
            required("kind", Shape::Vocabulary(&ORGANIZATION_KIND), "What kind of organization it is."),
            optional("parent", Shape::Reference(ORGANIZATION_ONLY), "The organization that it is directly a part of."),
            optional("headquarters", Shape::Reference(PLACE_ONLY), "The place of its headquarters."),
            optional("country", Shape::Reference(PLACE_ONLY), "The country that it belongs to."),
            optional("founded", Shape::Object(&FUZZY_DATE), "When it was founded."),
            optional("dissolved", Shape::Object(&FUZZY_DATE), "When it was dissolved."),
        ],
    ],
)
.needs_one_of(ID_OR_KEY);

/// An organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Organization {
    #[serde(flatten)]
    pub thing: Thing,
    pub kind: OrganizationKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Reference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headquarters: Option<Reference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Reference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub founded: Option<FuzzyDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dissolved: Option<FuzzyDate>,
}

impl Organization {
    pub(super) fn from_row(row: &organization::Model, reader: &RowReader<'_>) -> Self {
        let id = row.id;
        Self {
            thing: reader.thing(id, &row.name, &row.name_language, row.image.as_ref()),
            kind: row.kind,
            parent: row.parent_id.map(Reference::Id),
            headquarters: row.headquarters_id.map(Reference::Id),
            country: row.country_id.map(Reference::Id),
            founded: reader.date(id, "founded", row.founded_edtf.as_ref(), row.founded_original.as_ref()),
            dissolved: reader.date(id, "dissolved", row.dissolved_edtf.as_ref(), row.dissolved_original.as_ref()),
        }
    }
}

impl Kind for Organization {
    fn facts(&self) -> Facts<'_> {
        Facts {
            same_as: &self.thing.same_as,
            url: None,
            items: Items::default(),
            dates: vec![("founded", &self.founded), ("dissolved", &self.dissolved)],
            period: Some(["founded", "dissolved"]),
            anchor_date: AnchorDate::None,
            countries: self.country.iter().map(|country| (vec!["country".to_owned()], country)).collect(),
            parent: Some((Tree::Parent, self.parent.as_ref())),
        }
    }

    fn facts_mut(&mut self) -> FactsMut<'_> {
        FactsMut {
            items: ItemsMut::default(),
            dates: vec![("founded", &mut self.founded), ("dissolved", &mut self.dissolved)],
        }
    }

    fn check(&mut self, problems: &mut Vec<Problem>) {
        self.thing.check(problems);
        FuzzyDate::check(self.founded.as_ref(), &Path::TOP.field("founded"), problems);
        FuzzyDate::check(self.dissolved.as_ref(), &Path::TOP.field("dissolved"), problems);
    }

    fn check_references(&self, _is_deleted: bool, _problems: &mut Vec<Problem>) {}

    fn visit_references(&mut self, visitor: &mut ReferenceVisitor<'_>) {
        let top = Path::TOP;
        visit_one(&mut self.parent, ORGANIZATION_ONLY, &top.field("parent"), visitor);
        visit_one(&mut self.headquarters, PLACE_ONLY, &top.field("headquarters"), visitor);
        visit_one(&mut self.country, PLACE_ONLY, &top.field("country"), visitor);
        FuzzyDate::visit_references(&mut self.founded, &top.field("founded"), visitor);
        FuzzyDate::visit_references(&mut self.dissolved, &top.field("dissolved"), visitor);
    }

    fn write_rows(&self, id: Id, is_deleted: bool, writer: &mut RowWriter<'_>) {
        let thing = &self.thing;
        writer.thing(id, thing);
        let (founded, _) = writer.date(id, "founded", self.founded.as_ref());
        let (dissolved, _) = writer.date(id, "dissolved", self.dissolved.as_ref());
        writer.rows.organization.push(organization::Model {
            id,
            name: thing.name.clone(),
            name_language: thing.main_language().to_owned(),
            name_key: sort_key(&thing.name),
            image: thing.image.clone(),
            kind: self.kind,
            parent_id: self.parent.as_ref().map(Reference::id),
            headquarters_id: self.headquarters.as_ref().map(Reference::id),
            country_id: self.country.as_ref().map(Reference::id),
            founded_edtf: founded.edtf,
            founded_earliest: founded.earliest,
            founded_latest: founded.latest,
            founded_flags: founded.flags,
            founded_original: founded.original,
            dissolved_edtf: dissolved.edtf,
            dissolved_earliest: dissolved.earliest,
            dissolved_latest: dissolved.latest,
            dissolved_flags: dissolved.flags,
            dissolved_original: dissolved.original,
            is_deleted,
        });
    }

    fn take_over(&mut self, from: &mut Body, merge: Merge) {
        let Body::Organization(from) = from else { return };
        self.thing.take_over(&mut from.thing);
        fill(&mut self.headquarters, from.headquarters.as_ref());
        fill(&mut self.country, from.country.as_ref());
        fill(&mut self.founded, from.founded.as_ref());
        fill(&mut self.dissolved, from.dissolved.as_ref());
        merge.take_over_parent(&mut self.parent, from.parent.as_ref());
    }

    fn deduplicate(&mut self) -> usize {
        0
    }
}
