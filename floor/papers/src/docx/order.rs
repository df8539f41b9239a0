//! The order in which the format wants properties to stand (ECMA-376, part 1, annex A). docx-rs writes them as they come;
//! Word forgives that, other readers and the archive's checks do not.

/// What may stand in an element, in its order.
const ORDERS: [(&str, &[&str]); 10] = [
    (
        "w:pPr",
        &[
            "w:pStyle",
            "w:keepNext",
            "w:keepLines",
            "w:pageBreakBefore",
            "w:framePr",
            "w:widowControl",
            "w:numPr",
            "w:pBdr",
            "w:shd",
            "w:tabs",
            "w:bidi",
            "w:adjustRightInd",
            "w:snapToGrid",
            "w:spacing",
            "w:ind",
            "w:jc",
            "w:textDirection",
            "w:textAlignment",
            "w:outlineLvl",
            "w:rPr",
            "w:sectPr",
        ],
    ),
    (
        "w:rPr",
        &[
            "w:rStyle",
            "w:rFonts",
            "w:b",
            "w:bCs",
            "w:i",
            "w:iCs",
            "w:strike",
            "w:vanish",
            "w:color",
            "w:spacing",
            "w:sz",
            "w:szCs",
            "w:highlight",
            "w:u",
            "w:bdr",
            "w:shd",
            "w:vertAlign",
            "w:lang",
        ],
    ),
    (
        "w:style",
        &[
            "w:name",
            "w:basedOn",
            "w:next",
            "w:link",
            "w:uiPriority",
            "w:semiHidden",
            "w:unhideWhenUsed",
            "w:qFormat",
            "w:pPr",
            "w:rPr",
            "w:tblPr",
            "w:tcPr",
        ],
    ),
    (
        "w:sectPr",
        &[
            "w:headerReference",
            "w:footerReference",
            "w:type",
            "w:pgSz",
            "w:pgMar",
            "w:pgNumType",
            "w:cols",
            "w:titlePg",
            "w:textDirection",
            "w:docGrid",
        ],
    ),
    ("w:tblPr", &["w:tblStyle", "w:tblW", "w:jc", "w:tblInd", "w:tblBorders", "w:tblLayout", "w:tblCellMar"]),
    ("w:tcPr", &["w:tcW", "w:gridSpan", "w:vMerge", "w:tcBorders", "w:shd", "w:tcMar", "w:textDirection", "w:vAlign"]),
    ("w:numPr", &["w:ilvl", "w:numId"]),
    (
        "w:lvl",
        &[
            "w:start",
            "w:numFmt",
            "w:lvlRestart",
            "w:pStyle",
            "w:isLgl",
            "w:suff",
            "w:lvlText",
            "w:lvlJc",
            "w:pPr",
            "w:rPr",
        ],
    ),
    ("w:tblBorders", &["w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"]),
    ("w:pBdr", &["w:top", "w:left", "w:bottom", "w:right"]),
];

/// An element with what stands in it, written out.
struct Open<'a> {
    tag: &'a str,
    name: &'a str,
    children: Vec<(&'a str, String)>,
}

/// A part with its properties in order, and without properties that say nothing.
pub(super) fn ordered(xml: &str) -> Option<String> {
    let mut open = vec![Open { tag: "", name: "", children: Vec::new() }];
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        let (text, tagged) = rest.split_at(start);
        let (tag, behind) = tagged.split_at(tagged.find('>')? + 1);
        rest = behind;
        if !text.is_empty() {
            open.last_mut()?.children.push(("", text.to_owned()));
        }
        let name = tag.trim_start_matches(['<', '/']).split([' ', '/', '>']).next()?;
        if tag.starts_with("<?") || tag.ends_with("/>") {
            let says = tag != "<w:rPr />";
            open.last_mut()?.children.extend(says.then(|| (name, tag.to_owned())));
        } else if tag.starts_with("</") {
            let whole = open.pop().filter(|whole| whole.name == name)?;
            open.last_mut()?.children.push((name, written(whole, tag)));
        } else {
            open.push(Open { tag, name, children: Vec::new() });
        }
    }
    let whole = open.pop().filter(|_| open.is_empty() && rest.is_empty())?;
    Some(whole.children.into_iter().map(|(_, child)| child).collect())
}

fn written(mut element: Open<'_>, end: &str) -> String {
    if let Some((_, order)) = ORDERS.iter().find(|(name, _)| *name == element.name) {
        // What the list does not name stays behind what it names.
        element.children.sort_by_key(|(name, _)| order.iter().position(|known| known == name).unwrap_or(order.len()));
    }
    let mut whole = element.tag.to_owned();
    whole.extend(element.children.into_iter().map(|(_, child)| child));
    whole.push_str(end);
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_come_into_their_order() {
        let part = r#"<?xml version="1.0"?><w:p><w:pPr><w:rPr /><w:numPr><w:numId w:val="2" /><w:ilvl w:val="0" /></w:numPr><w:pStyle w:val="a" /></w:pPr><w:r><w:rPr /><w:t>一 &lt; 二</w:t></w:r></w:p>"#;
        let right = r#"<?xml version="1.0"?><w:p><w:pPr><w:pStyle w:val="a" /><w:numPr><w:ilvl w:val="0" /><w:numId w:val="2" /></w:numPr></w:pPr><w:r><w:t>一 &lt; 二</w:t></w:r></w:p>"#;
        assert_eq!(ordered(part).as_deref(), Some(right));
    }

    #[test]
    fn what_is_no_element_is_refused() {
        for part in ["<a>", "</a>", "<a></b>", "<a", "a<b />c"] {
            assert_eq!(ordered(part), None, "{part}");
        }
    }
}
