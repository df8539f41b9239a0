//! What pages are made of: structs that render themselves. Each has one markup everywhere.

mod chart;
mod contact;
mod field;
mod status;

pub use chart::{Chart, ChartPoint};
pub use contact::ContactBlock;
pub use field::{Choice, Control, Field, Wrongs, choice};
pub use status::{Shape, Status};
