//! Prepares each kind of edit.

use entity::vocabulary::{Operation, UserErrorCode};

use crate::{domain::problem::Path, store};

use super::{Edit, merge, revert, session::EditSession, target::Targets};

impl EditSession<'_> {
    /// Prepares all edits, each with its targets.
    pub(super) async fn prepare(&mut self, edits: Vec<Edit>, targets: Vec<Targets>) -> Result<(), store::Error> {
        self.find_survivors(&edits).await?;
        let count = edits.len();
        for (index, (edit, target)) in edits.into_iter().zip(targets).enumerate() {
            match (edit, target.ids.as_slice()) {
                (Edit::Create { kind, input }, _) => self.create(index, kind, input),
                (Edit::Update { kind, version, input, .. }, [id]) => {
                    self.check_version(index, "version", *id, version).await?;
                    self.update(index, kind, *id, input);
                }
                (Edit::Delete { version, .. }, [id]) => {
                    self.check_version(index, "version", *id, version).await?;
                    self.delete_or_restore(index, *id, Operation::Delete);
                }
                (Edit::Restore { .. }, [id]) => self.delete_or_restore(index, *id, Operation::Restore),
                (Edit::Merge { from_version, into_version, .. }, [from, into]) => {
                    self.check_version(index, "fromVersion", *from, from_version).await?;
                    self.check_version(index, "intoVersion", *into, into_version).await?;
                    if count == 1 {
                        merge::merge(self, index, *from, *into).await?;
                    } else {
                        let message = "a merge must be the only change of its call";
                        self.report(index, UserErrorCode::Invalid, &Path::TOP.field("from"), message);
                    }
                }
                (Edit::Revert { revision }, _) => {
                    if let Some(id) = self.argument(index, "id", &revision) {
                        revert::revert(self, index, id).await?;
                    }
                }
                // The target was not found, which was reported.
                _ => {}
            }
        }
        Ok(())
    }
}
