//! What one document may ask for.

/// Limits on one document. See [`Limits::DEFAULT`].
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes of the document.
    pub document_bytes: usize,
    /// Lexical tokens of the document.
    pub tokens: usize,
    /// Levels of fields.
    pub depth: usize,
    /// Fragment spreads in the document, each counted once where it stands.
    pub spreads: usize,
    /// Fields and fragments of an operation once its fragments are expanded.
    pub selections: usize,
    /// Aliases of an operation once its fragments are expanded.
    pub aliases: usize,
    /// Fields at the root of an operation, those of fragments included.
    pub root_fields: usize,
    /// Directives in the document, each counted once where it stands.
    pub directives: usize,
    /// Cost of an operation; the planner of reads holds it.
    pub cost: u64,
    /// Whether `__schema` and `__type` answer.
    pub introspection: bool,
}

impl Limits {
    /// The service's defaults.
    pub const DEFAULT: Self = Self {
        document_bytes: 32 * 1024,
        tokens: 2_000,
        depth: 16,
        spreads: 50,
        selections: 2_000,
        aliases: 30,
        root_fields: 20,
        directives: 20,
        cost: 25_000,
        introspection: true,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
