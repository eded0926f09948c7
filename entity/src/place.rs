//! Places, which contain one another.

use sea_orm::entity::prelude::*;

use crate::{Id, vocabulary::PlaceKind};

/// Places, which contain one another.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "place")]
pub struct Model {
    /// The record's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Id,
    /// The main name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// The language of the main name, a BCP 47 tag; `und` if it is not known.
    #[sea_orm(column_type = "Text")]
    pub name_language: String,
    /// The sort key of the name.
    #[sea_orm(column_type = "Text")]
    pub name_key: String,
    /// The address of an image.
    #[sea_orm(column_type = "Text", nullable)]
    pub image: Option<String>,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// The ISO 3166-1 alpha-2 code.
    #[sea_orm(column_type = "Text", nullable)]
    pub country_code: Option<String>,
    /// The country code, folded.
    #[sea_orm(column_type = "Text", nullable)]
    pub country_code_key: Option<String>,
    /// Degrees north, -90 to 90.
    pub latitude: Option<f64>,
    /// Degrees east, -180 to 180.
    pub longitude: Option<f64>,
    /// The coordinates as a vector of length 1 from the centre of the Earth: towards 0° N 0° E, 0° N 90° E and the north pole.
    pub point_x: Option<f64>,
    /// See `point_x`.
    pub point_y: Option<f64>,
    /// See `point_x`.
    pub point_z: Option<f64>,
    /// The number of people who live there.
    pub population: Option<f64>,
    /// The place that directly contains it.
    pub contained_in_id: Option<Id>,
    /// Whether the record is deleted or merged: a copy, so that reads need not join `record`.
    pub is_deleted: bool,
}

/// Statements join by column; the model declares no joins of its own.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
