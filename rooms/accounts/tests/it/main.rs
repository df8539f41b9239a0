//! The accounts room, seen from outside.

mod oidc;
