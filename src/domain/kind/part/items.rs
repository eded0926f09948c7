//! The items of records that have ids.

use std::collections::HashSet;

use entity::Id;

use crate::{domain::problem::Path, store::write::ItemKind};

use super::{Citation, Mention, Participation};

/// The items of a record that have ids: mentions, participations, citations.
#[derive(Debug, Clone, Copy, Default)]
pub struct Items<'a> {
    /// The passages that name entities.
    pub mentions: &'a [Mention],
    /// The participants.
    pub participants: &'a [Participation],
    /// The evidence for the record itself.
    pub citations: &'a [Citation],
}

/// As [`Items`], to be changed.
#[derive(Debug, Default)]
pub struct ItemsMut<'a> {
    /// The passages that name entities.
    pub mentions: &'a mut [Mention],
    /// The participants.
    pub participants: &'a mut [Participation],
    /// The evidence for the record itself.
    pub citations: &'a mut [Citation],
}

impl<'a> Items<'a> {
    /// All citations, including those of participants.
    pub fn all_citations(self) -> impl Iterator<Item = &'a Citation> {
        self.citations.iter().chain(self.participants.iter().flat_map(|item| &item.citations))
    }

    /// Calls the visitor with every id and its path.
    pub fn visit_ids(self, visitor: &mut dyn FnMut(ItemKind, Id, &Path<'_>)) {
        let top = Path::TOP;
        let mut each = |nested, list: &Path<'_>, ids: &mut dyn Iterator<Item = Option<Id>>| {
            for (index, id) in ids.enumerate() {
                if let Some(id) = id {
                    visitor(nested, id, &list.item(index));
                }
            }
        };
        let participants = top.field("participants");
        each(ItemKind::Mention, &top.field("mentions"), &mut self.mentions.iter().map(|item| item.id));
        each(ItemKind::Participation, &participants, &mut self.participants.iter().map(|item| item.id));
        for (index, item) in self.participants.iter().enumerate() {
            let participant = participants.item(index);
            each(ItemKind::Citation, &participant.field("citations"), &mut item.citations.iter().map(|item| item.id));
        }
        each(ItemKind::Citation, &top.field("citations"), &mut self.citations.iter().map(|item| item.id));
    }
}

impl ItemsMut<'_> {
    /// Calls the visitor with every citation and its path.
    pub fn visit_citations(self, visitor: &mut dyn FnMut(&mut Citation, &Path<'_>)) {
        let participants = Path::TOP.field("participants");
        for (index, item) in self.participants.iter_mut().enumerate() {
            Citation::visit(&mut item.citations, &participants.item(index), visitor);
        }
        Citation::visit(self.citations, &Path::TOP, visitor);
    }

    /// Gives each item its id. An item without an id gets the id of the equal stored item.
    pub fn keep_ids(self, stored: Items<'_>) {
        // A citation keeps its id when it moves from a participant to its event or back.
        let of_participants = self.participants.iter().flat_map(|item| &item.citations);
        let given: HashSet<Id> = of_participants.chain(self.citations.iter()).filter_map(|item| item.id).collect();
        Mention::keep_ids(self.mentions, stored.mentions);
        Citation::keep_ids(self.citations, stored.citations, &given);
        Participation::keep_ids(self.participants, stored.participants, &given);
    }
}
