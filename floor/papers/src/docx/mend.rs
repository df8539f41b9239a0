//! What docx-rs cannot say yet, put into its parts: head rows that repeat, what pictures show, the document's title and
//! language, properties in their order. Each is put beside a sign that the part must bear; without it the file is refused rather than wrong. No
//! words of the paper can look like one: in them `<` is written as `&lt;`.

use docx_rs::XMLDocx;

use super::order::ordered;
use crate::Error;
use crate::letters::clean;
use crate::paper::Paper;

/// Mends the parts.
pub(super) fn all(built: &mut XMLDocx, paper: &Paper, alts: &[String]) -> Result<(), Error> {
    let mut document = text(&mut built.document)?;
    document = document.replace("<w:cantSplit />", "<w:cantSplit /><w:tblHeader />");
    for (at, alt) in alts.iter().enumerate() {
        let shown = format!(r#"<wp:docPr id="{}" name="Figure {0}" descr="{}" />"#, at + 1, escaped(alt));
        document = once(&document, r#"<wp:docPr id="1" name="Figure" />"#, &shown)?;
    }
    built.document = in_order(&without_ids(&document))?;
    for footer in &mut built.footers {
        *footer = in_order(&without_ids(&text(footer)?))?;
    }
    built.numberings = in_order(&text(&mut built.numberings)?)?;

    let styles = text(&mut built.styles)?;
    let language = escaped(&paper.language);
    let lang = format!(r#"<w:lang w:val="{language}" w:eastAsia="{language}" /></w:rPr></w:rPrDefault>"#);
    let styles = once(&styles, "</w:rPr></w:rPrDefault>", &lang)?;
    // What bears no style of its own takes the one that says so of itself.
    let normal = r#"<w:style w:type="paragraph" w:styleId="Normal">"#;
    let default = r#"<w:style w:type="paragraph" w:default="1" w:styleId="Normal">"#;
    built.styles = in_order(&once(&styles, normal, default)?)?;

    let core = text(&mut built.doc_props.core)?;
    let title = clean(&paper.title).replace('\n', " ");
    let title =
        format!("<dc:title>{}</dc:title><dc:language>{language}</dc:language></cp:coreProperties>", escaped(&title));
    let core = once(&core, "</cp:coreProperties>", &title)?;
    let issuer = escaped(&clean(&paper.issuer).replace('\n', " "));
    built.doc_props.core = core.replace(">unknown<", &format!(">{issuer}<")).into_bytes();
    Ok(())
}

/// Paragraphs without the ids that docx-rs counts by thread: the same paper is the same file wherever it is made.
fn without_ids(part: &str) -> String {
    const SIGN: &str = " w14:paraId=\"";
    let mut pieces = part.split(SIGN);
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        whole.push_str(piece.split_once('"').map_or(piece, |(_, rest)| rest));
    }
    whole
}

fn in_order(part: &str) -> Result<Vec<u8>, Error> {
    let part = ordered(part).ok_or_else(|| Error::Pack("a part is no XML".to_owned()))?;
    Ok(part.into_bytes())
}

fn text(part: &mut Vec<u8>) -> Result<String, Error> {
    String::from_utf8(std::mem::take(part)).map_err(|fault| Error::Pack(fault.to_string()))
}

fn once(part: &str, sign: &str, by: &str) -> Result<String, Error> {
    if part.contains(sign) { Ok(part.replacen(sign, by, 1)) } else { Err(Error::Pack(format!("{sign} is missing"))) }
}

fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
