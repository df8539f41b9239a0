//! What a browser calls itself, in words a person knows their device by: one table each, first match first.

use kyodo_web::Frame;

/// What stands in the agent, and the browser it gives away. Most claim to be Chrome and Safari as well.
const BROWSERS: [(&str, &str); 10] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Line/", "LINE"),
    ("FxiOS/", "Firefox"),
    ("Firefox", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
    ("Safari/", "Safari"),
];

/// What stands in the agent, and the system it gives away. Android claims to be Linux, an iPhone to be like a Mac.
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
];

/// 「Windows の Edge」; 「ブラウザー」 when it says nothing we know.
pub(super) fn device(f: &Frame, agent: &str) -> String {
    match (found(&SYSTEMS, agent), found(&BROWSERS, agent)) {
        (Some(system), Some(browser)) => f.with("own-device", &[("system", system), ("browser", browser)]),
        (Some(system), None) => f.with("own-device", &[("system", system), ("browser", &f.t("own-device-unknown"))]),
        (None, Some(browser)) => browser.to_owned(),
        (None, None) => f.t("own-device-unknown"),
    }
}

fn found(table: &[(&'static str, &'static str)], agent: &str) -> Option<&'static str> {
    table.iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::{BROWSERS, SYSTEMS, found};

    #[test]
    fn browsers_are_told_apart_whatever_else_they_claim() {
        let agents = [
            (
                "Mozilla/5.0 (Windows NT 10.0) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0",
                Some("Windows"),
                Some("Edge"),
            ),
            ("Mozilla/5.0 (iPhone; like Mac OS X) Version/26.0 Safari/604.1", Some("iPhone"), Some("Safari")),
            ("Mozilla/5.0 (iPhone; like Mac OS X) CriOS/142.0 Safari/604.1", Some("iPhone"), Some("Chrome")),
            ("Mozilla/5.0 (Linux; Android 10; K) Chrome/142.0.0.0 Safari/537.36", Some("Android"), Some("Chrome")),
            ("Mozilla/5.0 (Linux; Android 15) Version/4.0 Chrome/142.0 Line/15.1", Some("Android"), Some("LINE")),
            ("Mozilla/5.0 (Macintosh; Intel; rv:145.0) Gecko/20100101 Firefox/145.0", Some("Mac"), Some("Firefox")),
            ("Firefox", None, Some("Firefox")),
            ("curl/8.5", None, None),
            ("", None, None),
        ];
        for (agent, system, browser) in agents {
            assert_eq!((found(&SYSTEMS, agent), found(&BROWSERS, agent)), (system, browser), "{agent}");
        }
    }
}
