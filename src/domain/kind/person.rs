//! People.

use entity::{Id, person, person_nationality};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        problem::{Path, Problem},
        shape::{MAX_ITEMS, MAX_LINE, Object, Shape, optional, required},
    },
    text::sort_key,
};

use super::{
    AnchorDate, Body, Facts, FactsMut, HEADER, ID_OR_KEY, Kind, Merge, PLACE_ONLY, RowReader, RowWriter, fill,
    part::{
        FUZZY_DATE, FuzzyDate, Items, ItemsMut, Reference, ReferenceVisitor, THING, Thing, check_references_once,
        remove_equal, visit_all,
    },
};

pub(super) static SHAPE: Object = Object::new(
    "Person",
    "A person.",
    &[
        &[required("type", Shape::Constant("PERSON"), "The kind of record.").read_only()],
        HEADER,
        THING,
        &[
            optional("born", Shape::Object(&FUZZY_DATE), "When the person was born."),
            optional("died", Shape::Object(&FUZZY_DATE), "When the person died."),
            optional("occupation", Shape::Line(MAX_LINE), "What the person does or did, in a few words."),
            optional(
                "nationalities",
                Shape::List(&Shape::Reference(PLACE_ONLY), MAX_ITEMS),
                "The countries of which the person is a national.",
            ),
        ],
    ],
)
.needs_one_of(ID_OR_KEY);

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Person {
    #[serde(flatten)]
    pub thing: Thing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born: Option<FuzzyDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub died: Option<FuzzyDate>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occupation: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nationalities: Vec<Reference>,
}

impl Person {
    pub(super) fn from_row(row: &person::Model, reader: &RowReader<'_>) -> Self {
        let id = row.id;
        Self {
            thing: reader.thing(id, &row.name, &row.name_language, row.image.as_ref()),
            born: reader.date(id, "born", row.born_edtf.as_ref(), row.born_original.as_ref()),
            died: reader.date(id, "died", row.died_edtf.as_ref(), row.died_original.as_ref()),
            occupation: row.occupation.clone(),
            nationalities: reader.list(
                &reader.nationalities,
                id,
                |row| row.position,
                |row| Reference::Id(row.place_id),
            ),
        }
    }
}

impl Kind for Person {
    fn facts(&self) -> Facts<'_> {
        let field = |index: usize| vec!["nationalities".to_owned(), index.to_string()];
        let countries = self.nationalities.iter().enumerate().map(|(index, place)| (field(index), place)).collect();
        Facts {
            same_as: &self.thing.same_as,
            url: None,
            items: Items::default(),
            dates: vec![("born", &self.born), ("died", &self.died)],
            period: Some(["born", "died"]),
            anchor_date: AnchorDate::None,
            countries,
            parent: None,
        }
    }

    fn facts_mut(&mut self) -> FactsMut<'_> {
        FactsMut { items: ItemsMut::default(), dates: vec![("born", &mut self.born), ("died", &mut self.died)] }
    }

    fn check(&mut self, problems: &mut Vec<Problem>) {
        self.thing.check(problems);
        FuzzyDate::check(self.born.as_ref(), &Path::TOP.field("born"), problems);
        FuzzyDate::check(self.died.as_ref(), &Path::TOP.field("died"), problems);
    }

    fn check_references(&self, _is_deleted: bool, problems: &mut Vec<Problem>) {
        let path = Path::TOP.field("nationalities");
        let places = self.nationalities.iter().enumerate().map(|(index, place)| (place, path.item(index)));
        check_references_once(places, "the nationality", problems);
    }

    fn visit_references(&mut self, visitor: &mut ReferenceVisitor<'_>) {
        let top = Path::TOP;
        FuzzyDate::visit_references(&mut self.born, &top.field("born"), visitor);
        FuzzyDate::visit_references(&mut self.died, &top.field("died"), visitor);
        visit_all(&mut self.nationalities, PLACE_ONLY, &top.field("nationalities"), visitor);
    }

    fn write_rows(&self, id: Id, is_deleted: bool, writer: &mut RowWriter<'_>) {
        let thing = &self.thing;
        writer.thing(id, thing);
        let (born, _) = writer.date(id, "born", self.born.as_ref());
        let (died, _) = writer.date(id, "died", self.died.as_ref());
        let name_key = sort_key(&thing.name);
        writer.rows.person.push(person::Model {
            id,
            name: thing.name.clone(),
            name_language: thing.main_language().to_owned(),
            name_key: name_key.clone(),
            image: thing.image.clone(),
            occupation: self.occupation.clone(),
            occupation_key: self.occupation.as_deref().map(sort_key),
            born_edtf: born.edtf,
            born_earliest: born.earliest,
            born_latest: born.latest,
            born_flags: born.flags,
            born_original: born.original,
            died_edtf: died.edtf,
            died_earliest: died.earliest,
            died_latest: died.latest,
            died_flags: died.flags,
            died_original: died.original,
            is_deleted,
        });
        for (position, place) in (0..).zip(&self.nationalities) {
            let (place_id, name_key) = (place.id(), name_key.clone());
            let row = person_nationality::Model { person_id: id, place_id, position, name_key };
            writer.rows.person_nationality.push(row);
        }
    }

    fn take_over(&mut self, from: &mut Body, _merge: Merge) {
        let Body::Person(from) = from else { return };
        self.thing.take_over(&mut from.thing);
        fill(&mut self.born, from.born.as_ref());
        fill(&mut self.died, from.died.as_ref());
        fill(&mut self.occupation, from.occupation.as_ref());
        self.nationalities.extend(from.nationalities.iter().cloned());
    }

    fn deduplicate(&mut self) -> usize {
        remove_equal(&mut self.nationalities, Clone::clone)
    }
}
