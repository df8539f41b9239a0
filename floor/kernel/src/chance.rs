//! Chance: a parameter, like the clock. What people depend on (lotteries) brings its own recorded seed;
//! this is for names of requests and the like.

/// The house's source of chance.
#[derive(Clone, Copy, Debug, Default)]
pub enum Chance {
    /// The machine's.
    #[default]
    Real,
    /// Always the same number, for tests.
    Fixed(u64),
}

impl Chance {
    /// Some number.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one door through which chance comes in")]
    pub fn number(self) -> u64 {
        match self {
            Self::Real => rand::random(),
            Self::Fixed(number) => number,
        }
    }
}
