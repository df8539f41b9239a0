//! The accounts room, seen from outside.
