//! The rows of places, organizations and people.

use entity::{Id, organization, person, person_nationality, place};

use crate::{
    domain::document::{Organization, Person, Place, Reference},
    text::sort_key,
};

use super::Writer;

impl Writer<'_> {
    pub(super) fn place(&mut self, id: Id, place: &Place, is_deleted: bool) {
        let thing = &place.thing;
        self.rows.place.push(place::Model {
            id,
            name: thing.name.clone(),
            name_language: thing.main_language().to_owned(),
            name_key: sort_key(&thing.name),
            image: thing.image.clone(),
            kind: place.kind,
            country_code: place.country_code.clone(),
            latitude: place.location.map(|location| location.latitude),
            longitude: place.location.map(|location| location.longitude),
            population: place.population,
            contained_in_id: place.contained_in.as_ref().map(Reference::id),
            is_deleted,
        });
    }

    pub(super) fn organization(&mut self, id: Id, organization: &Organization, is_deleted: bool) {
        let thing = &organization.thing;
        let (founded, _) = self.date(Some(id), None, "founded", organization.founded.as_ref());
        let (dissolved, _) = self.date(Some(id), None, "dissolved", organization.dissolved.as_ref());
        self.rows.organization.push(organization::Model {
            id,
            name: thing.name.clone(),
            name_language: thing.main_language().to_owned(),
            name_key: sort_key(&thing.name),
            image: thing.image.clone(),
            kind: organization.kind,
            parent_id: organization.parent.as_ref().map(Reference::id),
            headquarters_id: organization.headquarters.as_ref().map(Reference::id),
            country_id: organization.country.as_ref().map(Reference::id),
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

    pub(super) fn person(&mut self, id: Id, person: &Person, is_deleted: bool) {
        let thing = &person.thing;
        let (born, _) = self.date(Some(id), None, "born", person.born.as_ref());
        let (died, _) = self.date(Some(id), None, "died", person.died.as_ref());
        self.rows.person.push(person::Model {
            id,
            name: thing.name.clone(),
            name_language: thing.main_language().to_owned(),
            name_key: sort_key(&thing.name),
            image: thing.image.clone(),
            occupation: person.occupation.clone(),
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
        for (position, place) in (0..).zip(&person.nationalities) {
            self.rows.person_nationality.push(person_nationality::Model {
                person_id: id,
                place_id: place.id(),
                position,
            });
        }
    }
}
