//! The page inspector: what every page must be, so that everybody can use it. Each rule names its faults.

use std::collections::HashSet;

use scraper::{ElementRef, Html};

use crate::page::{Page, all, text_of};

/// Inspects a page. Anything else passes.
pub(crate) fn inspect(page: &Page) {
    if page.is_html() {
        let faults = faults_of_html(&page.source());
        assert!(faults.is_empty(), "the inspector looked at {page}:\n- {}", faults.join("\n- "));
    }
}

/// What is wrong with a page, each with the element it is about.
#[must_use]
pub fn faults_of_html(source: &str) -> Vec<String> {
    let html = Html::parse_document(source);
    let mut faults = Vec::new();
    frame(&html, &mut faults);
    ids(&html, &mut faults);
    fields(&html, &mut faults);
    links_and_pictures(&html, &mut faults);
    nothing_inline(&html, &mut faults);
    if let Some(at) = source.find('⟨') {
        let rest: String = source[at..].chars().take_while(|c| *c != '⟩').collect();
        faults.push(format!("an untranslated message: {rest}⟩"));
    }
    faults
}

/// One main heading, a language, a title.
fn frame(html: &Html, faults: &mut Vec<String>) {
    let headings = all(html, "h1");
    match headings.as_slice() {
        [only] if text_of(*only).is_empty() => faults.push("the h1 is empty".to_owned()),
        [_] => {}
        several => faults.push(format!("there must be one h1, not {}", several.len())),
    }
    if html.root_element().attr("lang").is_none_or(str::is_empty) {
        faults.push("<html> says no language".to_owned());
    }
    if all(html, "head > title").iter().all(|title| text_of(*title).is_empty()) {
        faults.push("the page has no title".to_owned());
    }
}

/// No id twice, and whatever points at an id finds it.
fn ids(html: &Html, faults: &mut Vec<String>) {
    let mut known = HashSet::new();
    for element in all(html, "[id]") {
        let id = element.attr("id").unwrap_or_default();
        if id.is_empty() || id.contains(char::is_whitespace) {
            faults.push(format!("an id is one word: {}", shown(element)));
        } else if !known.insert(id) {
            faults.push(format!("the id 「{id}」 stands twice: {}", shown(element)));
        }
    }
    for pointer in ["aria-labelledby", "aria-describedby", "aria-controls", "for", "headers", "list"] {
        for element in all(html, &format!("[{pointer}]")) {
            let targets = element.attr(pointer).unwrap_or_default();
            for target in targets.split_whitespace().filter(|id| !known.contains(id)) {
                faults.push(format!("{pointer} points at 「{target}」, which is not there: {}", shown(element)));
            }
        }
    }
}

/// Every field says what belongs into it, every button what it does.
fn fields(html: &Html, faults: &mut Vec<String>) {
    const UNLABELLED: [&str; 5] = ["hidden", "submit", "button", "reset", "image"];
    let labels = all(html, "label");
    for label in labels.iter().filter(|label| text_of(**label).is_empty()) {
        faults.push(format!("the label says nothing: {}", shown(*label)));
    }
    for field in all(html, "input, select, textarea, meter, progress") {
        let named = labels.iter().any(|label| label.attr("for").is_some() && label.attr("for") == field.attr("id"));
        let wrapped = field.ancestors().filter_map(ElementRef::wrap).any(|outer| outer.value().name() == "label");
        let needs_none = field.value().name() == "input" && UNLABELLED.contains(&field.attr("type").unwrap_or("text"));
        if !named && !wrapped && !needs_none && !has_aria_name(field) {
            faults.push(format!("the field has no label: {}", shown(field)));
        }
    }
    for button in all(html, "button, summary, legend, caption, th[scope=col]") {
        if name_of(html, button).is_empty() {
            faults.push(format!("it says nothing: {}", shown(button)));
        }
    }
    for button in all(html, "input[type=submit], input[type=button], input[type=reset], input[type=image]") {
        let says = |name| button.attr(name).is_some_and(|words: &str| !words.trim().is_empty());
        if !says("value") && !says("alt") && !has_aria_name(button) {
            faults.push(format!("the button says nothing: {}", shown(button)));
        }
    }
}

/// Links say where they lead; pictures have words.
fn links_and_pictures(html: &Html, faults: &mut Vec<String>) {
    for attribute in ["href", "src", "action"] {
        for element in all(html, &format!("[{attribute}]")) {
            let address = element.attr(attribute).unwrap_or_default().trim();
            if address.is_empty() {
                faults.push(format!("{attribute} is empty: {}", shown(element)));
            } else if ["tel:", "mailto:", "#"].contains(&address) || address.starts_with("javascript:") {
                faults.push(format!("{attribute} leads nowhere: {}", shown(element)));
            }
        }
    }
    for link in all(html, "a[href]") {
        if name_of(html, link).is_empty() {
            faults.push(format!("the link says nothing: {}", shown(link)));
        }
    }
    for picture in all(html, "img") {
        if picture.attr("alt").is_none() {
            faults.push(format!("the picture has no alt: {}", shown(picture)));
        }
    }
    for picture in all(html, "svg[role=img]") {
        if name_of(html, picture).is_empty() {
            faults.push(format!("the picture has no name: {}", shown(picture)));
        }
    }
}

/// The content security policy would forbid it.
fn nothing_inline(html: &Html, faults: &mut Vec<String>) {
    for element in all(html, "style, script:not([src])") {
        faults.push(format!("inline script or style: {}", shown(element)));
    }
    for element in all(html, "*") {
        let inline = |name: &str| name == "style" || (name.starts_with("on") && name.len() > 2);
        for (name, _) in element.value().attrs().filter(|(name, _)| inline(name)) {
            faults.push(format!("the attribute {name} is inline script or style: {}", shown(element)));
        }
    }
}

fn has_aria_name(element: ElementRef<'_>) -> bool {
    ["aria-label", "aria-labelledby"].iter().any(|name| element.attr(name).is_some_and(|name| !name.trim().is_empty()))
}

/// What a screen reader calls an element, simplified: its aria name, its words, the words of its pictures.
fn name_of(html: &Html, element: ElementRef<'_>) -> String {
    if let Some(label) = element.attr("aria-label") {
        return label.trim().to_owned();
    }
    if let Some(ids) = element.attr("aria-labelledby") {
        let wanted: Vec<&str> = ids.split_whitespace().collect();
        let labels =
            all(html, "[id]").into_iter().filter(|label| label.attr("id").is_some_and(|id| wanted.contains(&id)));
        return labels.map(text_of).collect();
    }
    let pictures = element.descendants().filter_map(ElementRef::wrap).filter_map(|inner| inner.attr("alt"));
    text_of(element) + &pictures.collect::<String>()
}

/// The beginning of an element's source.
fn shown(element: ElementRef<'_>) -> String {
    let source = element.html();
    let short: String = source.chars().take(160).collect();
    if short.len() < source.len() { format!("{short}…") } else { short }
}

#[cfg(test)]
mod tests {
    use super::faults_of_html;

    const GOOD: &str =
        "<!DOCTYPE html><html lang=\"ja\"><head><title>計画</title></head><body><h1>計画</h1>@</body></html>";

    #[test]
    fn a_good_page_passes() {
        let content = "<form action=\"/search\"><label for=\"q\">ことば</label><input id=\"q\"><button>さがす</button></form>\
                       <img src=\"/a.png\" alt=\"\"><a href=\"/\"><img src=\"/b.png\" alt=\"トップ\"></a>\
                       <svg role=\"img\" aria-labelledby=\"t\"><title id=\"t\">図</title></svg><label>名前<input></label>";
        assert_eq!(faults_of_html(&GOOD.replace('@', content)), Vec::<String>::new());
    }

    #[test]
    fn every_rule_finds_its_fault() {
        let spoilt = [
            ("<h1>二つ目</h1>", "one h1"),
            ("<p id=\"a\"><p id=\"a\">", "stands twice"),
            ("<p id=\"\">", "one word"),
            ("<p aria-describedby=\"b\">", "「b」"),
            ("<label for=\"c\">あ</label>", "「c」"),
            ("<input name=\"q\">", "no label"),
            ("<label><input></label>", "label says nothing"),
            ("<select></select>", "no label"),
            ("<button><svg></svg></button>", "says nothing"),
            ("<input type=\"submit\" value=\"\">", "button says nothing"),
            ("<a href=\"/\"></a>", "link says nothing"),
            ("<a href=\"\">あ</a>", "href is empty"),
            ("<a href=\"tel:\">あ</a>", "leads nowhere"),
            ("<img src=\"/a.png\">", "no alt"),
            ("<svg role=\"img\"></svg>", "no name"),
            ("<p style=\"color:red\">", "attribute style"),
            ("<p onclick=\"f()\">", "attribute onclick"),
            ("<style>p{}</style>", "inline"),
            ("<script>f()</script>", "inline"),
            ("<p>⟨plan-title⟩</p>", "⟨plan-title⟩"),
        ];
        for (content, fault) in spoilt {
            let faults = faults_of_html(&GOOD.replace('@', content));
            assert!(faults.iter().any(|found| found.contains(fault)), "{content}: {faults:?}");
        }
        let frame = [
            ("lang=\"ja\"", "language"),
            ("計画</title>", "title"),
            ("<h1>計画</h1>", "one h1"),
            ("計画</h1>", "empty"),
        ];
        for (words, fault) in frame {
            let tail = words.find("</").map_or("", |at| &words[at..]);
            let faults = faults_of_html(
                &GOOD.replacen(words, if words.starts_with('<') { "" } else { tail }, 1).replace('@', ""),
            );
            assert!(faults.iter().any(|found| found.contains(fault)), "{words}: {faults:?}");
        }
    }
}
