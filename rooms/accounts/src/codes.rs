//! One-time codes from an app on the phone (TOTP, RFC 6238), and the recovery codes beside them.
