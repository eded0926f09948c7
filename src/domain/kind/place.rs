//! Places.

use entity::{Id, place, vocabulary::PlaceKind};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        problem::{Path, Problem},
        shape::{Object, Shape, VocabularyShape, optional, required},
    },
    sphere::unit_vector,
    store::write::Tree,
    text::sort_key,
};

use super::{
    AnchorDate, Body, Facts, FactsMut, HEADER, ID_OR_KEY, Kind, Merge, PLACE_ONLY, RowReader, RowWriter, fill,
    part::{Items, ItemsMut, LOCATION, Location, Reference, ReferenceVisitor, THING, Thing, json, visit_one},
};

static PLACE_KIND: VocabularyShape = VocabularyShape::of::<PlaceKind>();
pub(super) static SHAPE: Object = Object::new(
    "Place",
    "A place on the Earth.",
    &[
        &[required("type", Shape::Constant("PLACE"), "The kind of record.").read_only()],
        HEADER,
        THING,
        &[
            required("kind", Shape::Vocabulary(&PLACE_KIND), "What kind of place it is."),
            optional("countryCode", Shape::CountryCode, "The ISO 3166-1 alpha-2 code."),
            optional("location", Shape::Object(&LOCATION), "The coordinates."),
            optional("population", Shape::Number(0.0, 1e12), "The number of people who live there."),
            optional("containedIn", Shape::Reference(PLACE_ONLY), "The place that directly contains it."),
        ],
    ],
)
.needs_one_of(ID_OR_KEY);

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Place {
    #[serde(flatten)]
    pub thing: Thing,
    pub kind: PlaceKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "json::number::optional")]
    pub population: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contained_in: Option<Reference>,
}

impl Place {
    pub(super) fn from_row(row: &place::Model, reader: &RowReader<'_>) -> Self {
        let id = row.id;
        Self {
            thing: reader.thing(id, &row.name, &row.name_language, row.image.as_ref()),
            kind: row.kind,
            country_code: row.country_code.clone(),
            location: row.latitude.zip(row.longitude).map(|(latitude, longitude)| Location { latitude, longitude }),
            population: row.population,
            contained_in: row.contained_in_id.map(Reference::Id),
        }
    }
}

impl Kind for Place {
    fn facts(&self) -> Facts<'_> {
        Facts {
            same_as: &self.thing.same_as,
            url: None,
            items: Items::default(),
            dates: Vec::new(),
            period: None,
            anchor_date: AnchorDate::None,
            countries: Vec::new(),
            parent: Some((Tree::ContainedIn, self.contained_in.as_ref())),
        }
    }

    fn facts_mut(&mut self) -> FactsMut<'_> {
        FactsMut { items: ItemsMut::default(), dates: Vec::new() }
    }

    fn check(&mut self, problems: &mut Vec<Problem>) {
        self.thing.check(problems);
    }

    fn check_references(&self, _is_deleted: bool, _problems: &mut Vec<Problem>) {}

    fn visit_references(&mut self, visitor: &mut ReferenceVisitor<'_>) {
        visit_one(&mut self.contained_in, PLACE_ONLY, &Path::TOP.field("containedIn"), visitor);
    }

    fn write_rows(&self, id: Id, is_deleted: bool, writer: &mut RowWriter<'_>) {
        let thing = &self.thing;
        let vector = self.location.map(|location| unit_vector(location.latitude, location.longitude));
        writer.thing(id, thing);
        writer.rows.place.push(place::Model {
            id,
            name: thing.name.clone(),
            name_language: thing.main_language().to_owned(),
            name_key: sort_key(&thing.name),
            image: thing.image.clone(),
            kind: self.kind,
            country_code: self.country_code.clone(),
            country_code_key: self.country_code.as_deref().map(sort_key),
            latitude: self.location.map(|location| location.latitude),
            longitude: self.location.map(|location| location.longitude),
            point_x: vector.map(|[x, _, _]| x),
            point_y: vector.map(|[_, y, _]| y),
            point_z: vector.map(|[_, _, z]| z),
            population: self.population,
            contained_in_id: self.contained_in.as_ref().map(Reference::id),
            is_deleted,
        });
    }

    fn take_over(&mut self, from: &mut Body, merge: Merge) {
        let Body::Place(from) = from else { return };
        self.thing.take_over(&mut from.thing);
        fill(&mut self.country_code, from.country_code.as_ref());
        fill(&mut self.location, from.location.as_ref());
        fill(&mut self.population, from.population.as_ref());
        merge.take_over_parent(&mut self.contained_in, from.contained_in.as_ref());
    }

    fn deduplicate(&mut self) -> usize {
        0
    }
}
