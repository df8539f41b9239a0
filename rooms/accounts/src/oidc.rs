//! Signing in through the city's own identity provider or a national one: OpenID Connect.
