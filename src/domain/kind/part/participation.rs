//! Participants of events.

use std::{
    collections::{HashMap, HashSet, hash_map::Entry},
    hash::Hash,
};

use entity::{
    Id, participation,
    vocabulary::{ParticipantRole, UserErrorCode},
};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        kind::{ENTITY, RowReader, RowWriter},
        problem::{Path, Problem},
        shape::{Identity, MAX_ITEMS, MAX_LINE, Object, Shape, VocabularyShape, optional, required},
    },
    text::sort_key,
};

use super::{CITATION, Citation, FreeIds, Reference, ReferenceVisitor, add_citations, visit_one};

static PARTICIPANT_ROLE: VocabularyShape = VocabularyShape::of::<ParticipantRole>();
pub(crate) static PARTICIPATION: Object = Object::new(
    "Participation",
    "A participant of an event: a record, a described group, or both. It needs a participant or a description.",
    &[&[
        optional("id", Shape::Id, "The id of the participation. If it is missing, a new id is created.").read_only(),
        optional("participant", Shape::Reference(ENTITY), "The entity that took part."),
        optional("description", Shape::Line(MAX_LINE), "A description of the participant, such as \"21 Egyptians\"."),
        optional("count", Shape::Integer(1, i32::MAX as i64), "The number of people."),
        required("role", Shape::Vocabulary(&PARTICIPANT_ROLE), "The role of the participant."),
        optional("citations", Shape::List(&Shape::Object(&CITATION), MAX_ITEMS), "The evidence for it."),
    ]],
)
.identified(Identity::Id { found_by: &["participant", "description", "count", "role"] })
.needs_one_of(&["participant", "description"]);

/// A participant of an event: a record, a described group, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the shape describes the fields")]
pub struct Participation {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<Reference>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<i32>,
    pub role: ParticipantRole,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
}

impl Participation {
    pub(crate) fn check(participants: &[Self], problems: &mut Vec<Problem>) {
        let list = Path::TOP.field("participants");
        for (index, participation) in participants.iter().enumerate() {
            let path = list.item(index);
            if participation.participant.is_none() && participation.description.is_none() {
                let message = "is missing: give participant, description or both";
                problems.push(Problem::new(UserErrorCode::Required, &path.field("participant"), message));
            }
            Citation::check(&participation.citations, &path, problems);
        }
    }

    pub(crate) fn visit_references(participants: &mut [Self], visitor: &mut ReferenceVisitor<'_>) {
        let list = Path::TOP.field("participants");
        for (index, participation) in participants.iter_mut().enumerate() {
            let path = list.item(index);
            visit_one(&mut participation.participant, ENTITY, &path.field("participant"), visitor);
            Citation::visit_references(&mut participation.citations, &path, visitor);
        }
    }

    /// Two participations with the same key are the same.
    pub(crate) fn key(&self) -> impl Eq + Hash + use<> {
        (self.participant.clone(), self.description.clone(), self.count, self.role)
    }

    fn has_citations_of(&self, old: &Self) -> bool {
        self.citations.len() == old.citations.len()
            && self.citations.iter().zip(&old.citations).all(|(item, old)| item.is_equal_to_stored(old))
    }

    /// Gives each participation and each of its citations its id. `given` contains the ids that the document itself gives to citations.
    pub(crate) fn keep_ids(participants: &mut [Self], stored: &[Self], given: &HashSet<Id>) {
        let claimed = participants.iter().filter_map(|item| item.id).collect();
        let mut free = FreeIds::new(stored, &claimed, |item| item.id, Self::key);
        // First those with equal citations, then the others: a new citation does not make a new participation.
        free.assign(participants, |item| &mut item.id, Self::has_citations_of);
        free.assign(participants, |item| &mut item.id, |_, _| true);
        let stored: HashMap<Option<Id>, &[Citation]> =
            stored.iter().map(|old| (old.id, old.citations.as_slice())).collect();
        for participation in participants {
            let id = participation.id.get_or_insert_with(Id::new);
            let stored = stored.get(&Some(*id)).copied().unwrap_or_default();
            Citation::keep_ids(&mut participation.citations, stored, given);
        }
    }

    /// Combines the participations that a merge made equal, with all their citations. Returns the number that it removed.
    pub(crate) fn deduplicate(participants: &mut Vec<Self>) -> usize {
        let count = participants.len();
        let mut kept: Vec<Self> = Vec::with_capacity(count);
        let mut places = HashMap::new();
        for participation in participants.drain(..) {
            match places.entry(participation.key()) {
                Entry::Occupied(place) => {
                    let other: &mut Self = &mut kept[*place.get()];
                    add_citations(&mut other.citations, participation.citations);
                }
                Entry::Vacant(place) => {
                    place.insert(kept.len());
                    kept.push(participation);
                }
            }
        }
        *participants = kept;
        count - participants.len()
    }
}

impl RowWriter<'_> {
    pub(crate) fn participations(&mut self, event: Id, participants: &[Participation]) {
        for (position, participation) in (0..).zip(participants) {
            let participation_id = participation.id.unwrap_or_else(Id::new);
            let participant = participation.participant.as_ref().map(|participant| self.target(participant));
            self.rows.participation.push(participation::Model {
                id: participation_id,
                event_id: event,
                position,
                participant_id: participant.map(|(id, _)| id),
                participant_kind: participant.map(|(_, kind)| kind),
                description: participation.description.clone(),
                description_key: participation.description.as_deref().map(sort_key),
                count: participation.count,
                role: participation.role,
            });
            self.citations(event, Some(participation_id), &participation.citations);
        }
    }
}

impl RowReader<'_> {
    pub(crate) fn participations(&self, event: Id) -> Vec<Participation> {
        self.list(
            &self.participations,
            event,
            |row| row.position,
            |row| Participation {
                id: Some(row.id),
                participant: row.participant_id.map(Reference::Id),
                description: row.description.clone(),
                count: row.count,
                role: row.role,
                citations: self.citations(row.id),
            },
        )
    }
}
