//! Structured logs on standard error, for people or for log collectors.

use tracing_subscriber::EnvFilter;

use crate::settings::{Config, LogFormat};

/// Begins to log; called once, before anything can happen that is worth a line.
pub fn begin(config: &Config) {
    let filter = filter(&config.log).unwrap_or_else(|_| EnvFilter::new("warn"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().flatten_event(true).init(),
    }
}

/// Reads a level, or directives such as `warn,kyodo_web=debug`.
pub fn filter(text: &str) -> Result<EnvFilter, String> {
    const REFUSAL: &str = "off error warn info debug trace のどれかを書いてください。";
    // Alone, the tracing filter would take a mistyped level for the name of a module.
    let known = |level: &str| ["off", "error", "warn", "info", "debug", "trace"].contains(&level);
    if !text.split(',').all(|part| known(part.split_once('=').map_or(part, |(_, level)| level).trim())) {
        return Err(REFUSAL.to_owned());
    }
    let directives = match text {
        // The parts we use tell a great deal below `warn`; the house speaks for itself.
        "info" | "debug" | "trace" => format!("warn,kyodo={text}"),
        _ => text.to_owned(),
    };
    EnvFilter::try_new(directives).map_err(|_| REFUSAL.to_owned())
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn a_mistyped_level_is_refused() {
        for text in ["info", "debug", "warn,kyodo_web=debug", "off"] {
            assert!(filter(text).is_ok(), "{text}");
        }
        for text in ["infoo", "", "kyodo_web", "kyodo=loud"] {
            assert!(filter(text).is_err(), "{text}");
        }
    }
}
