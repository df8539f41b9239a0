//! A page as somebody hears it who uses a screen reader: its main part, one line for each thing that is said.

use kyodo_testkit::Page;
use scraper::{ElementRef, Html, Node, Selector};

/// The main part, line by line: headings with their level, links in brackets, cells of a row side by side.
pub(crate) fn heard(page: &Page) -> String {
    let html = Html::parse_document(&page.source());
    let main = Selector::parse("main").expect("main is a selector");
    let main = html.select(&main).next().expect("every page has a main part");
    let mut lines = vec![String::new()];
    listen(main, &mut lines);
    let spoken = lines.iter().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let spoken = spoken
        .map(|line| line.trim_end_matches(" |").to_owned())
        .filter(|line| !["", "-", ">"].contains(&line.as_str()));
    spoken.collect::<Vec<_>>().join("\n") + "\n"
}

fn listen(element: ElementRef<'_>, lines: &mut Vec<String>) {
    for child in element.children() {
        match child.value() {
            Node::Text(words) => say(lines, words),
            Node::Element(inner) => {
                let Some(element) = ElementRef::wrap(child) else { continue };
                if inner.attr("aria-hidden") == Some("true") || inner.attr("hidden").is_some() {
                    continue;
                }
                speak(element, lines);
            }
            _ => {}
        }
    }
}

fn speak(element: ElementRef<'_>, lines: &mut Vec<String>) {
    let before = match element.value().name() {
        "rt" | "rp" | "option" => return,
        "a" => "[",
        "h1" => "\n# ",
        "h2" => "\n## ",
        "h3" => "\n### ",
        "h4" => "\n#### ",
        "h5" => "\n##### ",
        "li" => "\n- ",
        "blockquote" => "\n> ",
        "dd" => ": ",
        "svg" => "\n(picture) ",
        "select" | "input" => "[…]",
        "span" | "b" | "small" | "strong" | "time" | "wbr" | "br" | "ruby" | "th" | "td" | "desc" | "label"
        | "button" | "title" => "",
        _ => "\n",
    };
    let after = match element.value().name() {
        "a" => "]",
        "th" | "td" => " | ",
        "svg" | "br" | "title" => " ",
        _ => "",
    };
    // What is drawn is said by its title and description.
    if element.value().name() == "text" {
        return;
    }
    say(lines, before);
    if let Some(name) = element.attr("aria-label") {
        say(lines, &format!("({name}) "));
    }
    listen(element, lines);
    say(lines, after);
    // A term and what it means are one line.
    if before.starts_with('\n') && element.value().name() != "dt" {
        lines.push(String::new());
    }
}

fn say(lines: &mut Vec<String>, words: &str) {
    if let Some(words) = words.strip_prefix('\n') {
        lines.push(words.to_owned());
    } else if let Some(line) = lines.last_mut() {
        line.push_str(words);
    }
}
