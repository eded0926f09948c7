//! How a text is tied to what it speaks of: mentions and citations.

use super::vocabulary;

vocabulary! {
    /// How a mention names what it names.
    MentionClass {
        /// By a name, such as "Algeria".
        Name = "NAME",
        /// By the word for its people or for what comes from it, such as "Algerian".
        Demonym = "DEMONYM",
        /// By a common noun, such as "the capital".
        Nominal = "NOMINAL",
    }
}

vocabulary! {
    /// Who found a mention.
    MentionOrigin {
        /// An editor marked it.
        Editor = "EDITOR",
        /// It came with imported data.
        Import = "IMPORT",
        /// The service found it in the text.
        Detected = "DETECTED",
    }
}

vocabulary! {
    /// A text of an article.
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
    /// Whether a quoted or marked passage still stands where it was found. It is checked whenever the text changes.
    AnchorState {
        /// It stands at its span.
        Anchored = "ANCHORED",
        /// The text changed; the passage was found exactly once elsewhere, and its span follows it.
        Moved = "MOVED",
        /// The text changed, and the passage is gone or no longer found exactly once.
        Orphaned = "ORPHANED",
    }
}

vocabulary! {
    /// How an article puts what it reports.
    QuoteForm {
        /// In the words of the one it quotes.
        Direct = "DIRECT",
        /// In its own words.
        Indirect = "INDIRECT",
    }
}

vocabulary! {
    /// How a source puts what is cited.
    Modality {
        /// As a fact.
        Fact = "FACT",
        /// As a claim of someone.
        Claim = "CLAIM",
        /// As something planned or announced.
        Planned = "PLANNED",
        /// Without saying it outright.
        Implied = "IMPLIED",
        /// As a position that someone holds.
        Position = "POSITION",
    }
}
