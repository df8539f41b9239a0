//! Passwords: the city's rules, and how a password is kept (argon2id).
