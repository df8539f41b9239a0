//! `kyodo`: reads the command line, runs the command, tells what went wrong.

use std::process::ExitCode;

/// A page is thousands of small texts, made on one thread and let go on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    // One provider of cryptography for every crate that speaks TLS; it is only ever installed here.
    drop(rustls::crypto::ring::default_provider().install_default());
    kyodo::platform::keep_to_the_owner();
    match kyodo::commands::run(std::env::args_os()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::from(failure.code())
        }
    }
}
