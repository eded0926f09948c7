//! Mentions and citations: how the text of an article is linked to records.

use super::vocabulary;

vocabulary! {
    /// How a mention refers to its entity.
    MentionClass {
        /// By a name, such as "Algeria".
        Name = "NAME",
        /// By the adjective or noun for its people or origin, such as "Algerian".
        Demonym = "DEMONYM",
        /// By a common noun, such as "the capital".
        Nominal = "NOMINAL",
    }
}

vocabulary! {
    /// Who or what created a mention.
    MentionOrigin {
        /// An editor marked it.
        Editor = "EDITOR",
        /// It came with imported data.
        Import = "IMPORT",
        /// The service detected it in the text.
        Detected = "DETECTED",
    }
}

vocabulary! {
    /// One of the texts of an article.
    TextField {
        /// The headline.
        Headline = "HEADLINE",
        /// The abstract.
        Abstract = "ABSTRACT",
        /// The body.
        Body = "BODY",
    }
}

vocabulary! {
    /// Whether a passage is still in the text at its position. It is checked whenever the text changes.
    AnchorState {
        /// The passage is at its position.
        Anchored = "ANCHORED",
        /// The text changed. The passage was found exactly once at another position, which is stored now.
        Moved = "MOVED",
        /// The text changed. The passage is not in it any more, or is in it more than once; it has no position.
        Orphaned = "ORPHANED",
    }
}

vocabulary! {
    /// Whether the article quotes its source word for word.
    QuoteForm {
        /// A direct quotation: the source's own words.
        Direct = "DIRECT",
        /// Indirect speech: the article's own words.
        Indirect = "INDIRECT",
    }
}

vocabulary! {
    /// How certain the source presents the cited statement.
    Modality {
        /// As a fact.
        Fact = "FACT",
        /// As somebody's claim.
        Claim = "CLAIM",
        /// As something planned or announced.
        Planned = "PLANNED",
        /// Implied, not stated.
        Implied = "IMPLIED",
        /// As somebody's opinion or position.
        Position = "POSITION",
    }
}
