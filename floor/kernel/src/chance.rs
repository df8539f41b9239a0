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

    /// Some 256 bits: for tokens and keys, which nobody may guess.
    #[must_use]
    pub fn bytes(self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for part in bytes.chunks_exact_mut(8) {
            part.copy_from_slice(&self.number().to_be_bytes());
        }
        bytes
    }
}
