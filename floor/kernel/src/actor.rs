//! Who acts. There are no accounts yet; everybody who comes is a visitor.

/// Who makes a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Somebody we do not know and need not know.
    Visitor,
}
