//! What a port says when it does not know.

/// An outside failure. It means "we do not know", never "no": on the wire it is a 503
/// (or a 500 for [`Fault::Corrupt`]), never `invalid_grant` and never `active: false`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The store or another outside part is away, full or too slow. The text is for the log only.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A bounded queue is full or its wait ran out.
    #[error("overloaded: {0}")]
    Overloaded(&'static str),
    /// A compare-and-set was lost every time it was tried.
    #[error("contended: the same record kept changing")]
    Contended,
    /// Something stored cannot be read as what it must be. The text is for the log only.
    #[error("corrupt: {0}")]
    Corrupt(String),
}
