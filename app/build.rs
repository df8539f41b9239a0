//! How the released program is linked.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, value: &str| std::env::var(name).is_ok_and(|own| own == value);
    // Where things lie once the program is loaded takes 24 bytes for each of 200,000 addresses, or nearly nothing in the
    // form that glibc 2.36 understands (Debian 12, Ubuntu 24.04).
    if is("PROFILE", "release") && is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
