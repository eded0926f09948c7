//! An event as a document.

use entity::{
    Id,
    vocabulary::{EventKind, EventStatus, ParticipantRole},
};
use serde::{Deserialize, Serialize};

use super::{Citation, FuzzyDate, Reference, Thing, written};

/// An event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// Names, descriptions and addresses elsewhere.
    #[serde(flatten)]
    pub thing: Thing,
    /// What kind of event it is.
    pub kind: EventKind,
    /// How sure it is.
    #[serde(default = "reported")]
    pub status: EventStatus,
    /// Whether it was officially confirmed. False is an explicit no; absent says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub officially_confirmed: Option<bool>,
    /// Whether it happens again and again.
    #[serde(default, skip_serializing_if = "written::is_false")]
    pub is_recurring: bool,
    /// When it happened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<FuzzyDate>,
    /// The event that it is a part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part_of: Option<Reference>,
    /// Where it happened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<EventPlace>,
    /// Who took part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub participants: Vec<Participation>,
    /// What supports it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
}

/// A place of an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EventPlace {
    /// The place.
    pub place: Reference,
    /// Where about it, such as "the east of".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it is sure that it happened there.
    #[serde(default = "written::yes", skip_serializing_if = "written::is_true")]
    pub is_certain: bool,
}

/// A participant of an event: a record, a described group, or both.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participation {
    /// Its id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// The record that took part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub participant: Option<Reference>,
    /// Who took part, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// How many they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<i32>,
    /// The part that was played.
    pub role: ParticipantRole,
    /// What supports it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub citations: Vec<Citation>,
}

fn reported() -> EventStatus {
    EventStatus::Reported
}
