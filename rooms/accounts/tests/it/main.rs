//! The accounts room, seen from outside.

mod sheets;
mod stafflists;
