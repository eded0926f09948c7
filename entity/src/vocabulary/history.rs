//! Changes of records, problems of inputs, and the direction of an order.

use super::vocabulary;

vocabulary! {
    /// The kind of change that a revision records.
    Operation {
        /// The record was created.
        Create = "CREATE" => ["Created", "Créé", "إنشاء"],
        /// Fields of the record were changed.
        Update = "UPDATE" => ["Updated", "Modifié", "تعديل"],
        /// The record was deleted: it is in the bin.
        Delete = "DELETE" => ["Deleted", "Supprimé", "حذف"],
        /// The record was restored from the bin.
        Restore = "RESTORE" => ["Restored", "Restauré", "استعادة"],
        /// The record was merged into another record, or another record was merged into it.
        Merge = "MERGE" => ["Merged", "Fusionné", "دمج"],
        /// An earlier change was reverted by a new change.
        Revert = "REVERT" => ["Reverted", "Rétabli", "تراجع"],
    }
}

vocabulary! {
    /// The direction of a sort order.
    Direction {
        /// Ascending: smallest number, earliest date and A first.
        Asc = "ASC" => ["Ascending", "Croissant", "تصاعدي"],
        /// Descending: greatest number, latest date and Z first.
        Desc = "DESC" => ["Descending", "Décroissant", "تنازلي"],
    }
}

vocabulary! {
    /// The kind of problem that an input has.
    UserErrorCode {
        /// The value has the wrong format or is out of range.
        Invalid = "INVALID" => ["Invalid", "Non valide", "غير صالح"],
        /// A required value is missing.
        Required = "REQUIRED" => ["Required", "Obligatoire", "مطلوب"],
        /// The value is too long.
        TooLong = "TOO_LONG" => ["Too long", "Trop long", "طويل جدًا"],
        /// No record has this id or key.
        NotFound = "NOT_FOUND" => ["Not found", "Introuvable", "غير موجود"],
        /// The record with this id or key has another type.
        WrongType = "WRONG_TYPE" => ["Wrong type", "Type incorrect", "نوع خاطئ"],
        /// The value must be unique, and another record has it.
        Duplicate = "DUPLICATE" => ["Duplicate", "Doublon", "مكرر"],
        /// The record was changed after the version that the edit was made from.
        Conflict = "CONFLICT" => ["Conflict", "Conflit", "تعارض"],
        /// The reference would make a record contain itself, directly or through other records.
        Cycle = "CYCLE" => ["Cycle", "Cycle", "حلقة مغلقة"],
    }
}
