//! Mentions and citations: how the text of an article is linked to records.

use super::vocabulary;

vocabulary! {
    /// How a mention refers to its entity.
    MentionClass {
        /// By a name, such as "Algeria".
        Name = "NAME" => ["Name", "Nom", "اسم"],
        /// By the adjective or noun for its people or origin, such as "Algerian".
        Demonym = "DEMONYM" => ["Demonym", "Gentilé", "نسبة"],
        /// By a common noun, such as "the capital".
        Nominal = "NOMINAL" => ["Common noun", "Nom commun", "اسم عام"],
    }
}

vocabulary! {
    /// Who or what created a mention.
    MentionOrigin {
        /// An editor marked it.
        Editor = "EDITOR" => ["Editor", "Rédacteur", "محرر"],
        /// It came with imported data.
        Import = "IMPORT" => ["Import", "Importation", "استيراد"],
        /// The service detected it in the text.
        Detected = "DETECTED" => ["Detected", "Détecté", "كشف آلي"],
    }
}

vocabulary! {
    /// One of the texts of an article.
    TextField {
        /// The headline.
        Headline = "HEADLINE" => ["Headline", "Titre", "عنوان"],
        /// The abstract.
        Abstract = "ABSTRACT" => ["Abstract", "Résumé", "ملخص"],
        /// The body.
        Body = "BODY" => ["Body", "Corps du texte", "نص"],
    }
}

vocabulary! {
    /// Whether a passage is still in the text at its position. It is checked whenever the text changes.
    AnchorState {
        /// The passage is at its position.
        Anchored = "ANCHORED" => ["Anchored", "En place", "في موضعه"],
        /// The text changed. The passage was found exactly once at another position, which is stored now.
        Moved = "MOVED" => ["Moved", "Déplacé", "نُقل"],
        /// The text changed. The passage is not in it any more, or is in it more than once; it has no position.
        Orphaned = "ORPHANED" => ["Orphaned", "Introuvable dans le texte", "مفقود من النص"],
    }
}

vocabulary! {
    /// Whether the article quotes its source word for word.
    QuoteForm {
        /// A direct quotation: the source's own words.
        Direct = "DIRECT" => ["Direct", "Directe", "مباشر"],
        /// Indirect speech: the article's own words.
        Indirect = "INDIRECT" => ["Indirect", "Indirecte", "غير مباشر"],
    }
}

vocabulary! {
    /// How certain the source presents the cited statement.
    Modality {
        /// As a fact.
        Fact = "FACT" => ["Fact", "Fait", "حقيقة"],
        /// As somebody's claim.
        Claim = "CLAIM" => ["Claim", "Affirmation", "ادعاء"],
        /// As something planned or announced.
        Planned = "PLANNED" => ["Planned", "Prévu", "مقرر"],
        /// Implied, not stated.
        Implied = "IMPLIED" => ["Implied", "Implicite", "ضمني"],
        /// As somebody's opinion or position.
        Position = "POSITION" => ["Position", "Position", "موقف"],
    }
}
