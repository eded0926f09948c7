//! What each kind of edit asks for.

use entity::vocabulary::{Operation, UserErrorCode};

use crate::{domain::problem::Path, store};

use super::{Edit, aim::Aim, apply::Desk, merge, revert};

impl Desk<'_> {
    /// Prepares all edits, each of which is of the records that it aims at.
    pub(super) async fn prepare(&mut self, edits: Vec<Edit>, aims: Vec<Aim>) -> Result<(), store::Error> {
        self.lead_on(&edits).await?;
        let count = edits.len();
        for (index, (edit, aim)) in edits.into_iter().zip(aims).enumerate() {
            match (edit, aim.ids.as_slice()) {
                (Edit::Create { kind, input }, _) => self.create(index, kind, input),
                (Edit::Update { kind, version, input, .. }, [id]) => {
                    self.is_current(index, "version", *id, version).await?;
                    self.update(index, kind, *id, input);
                }
                (Edit::Delete { version, .. }, [id]) => {
                    self.is_current(index, "version", *id, version).await?;
                    self.bin(index, *id, Operation::Delete);
                }
                (Edit::Restore { .. }, [id]) => self.bin(index, *id, Operation::Restore),
                (Edit::Merge { from_version, into_version, .. }, [from, into]) => {
                    self.is_current(index, "fromVersion", *from, from_version).await?;
                    self.is_current(index, "intoVersion", *into, into_version).await?;
                    if count == 1 {
                        merge::merge(self, index, *from, *into).await?;
                    } else {
                        let message = "a merge touches many records: it takes a call of its own";
                        self.object(index, UserErrorCode::Invalid, &Path::TOP.field("from"), message);
                    }
                }
                (Edit::Revert { revision }, _) => {
                    if let Some(id) = self.argument(index, "id", &revision) {
                        revert::revert(self, index, id).await?;
                    }
                }
                // What the edit is of was not found, which was told.
                _ => {}
            }
        }
        Ok(())
    }
}
