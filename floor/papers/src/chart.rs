//! Figures as a picture: SVG with presentation attributes, readable without colour, because rows of figures differ by
//! their pattern and every figure is written beside its mark.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use resvg::{tiny_skia, usvg};

use crate::faces;
use crate::letters::drawn_pieces;
use crate::paper::{Accent, Chart, ChartKind};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 16.0;
const TOP: f64 = 38.0;
const BOTTOM: f64 = 28.0;

/// The picture, as wide as an upright page's text.
pub(crate) fn svg(chart: &Chart, accent: &Accent) -> String {
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" font-family="{}" font-size="11" fill="rgb(51,51,51)">"#,
        faces::OWN,
    );
    let top = ceiling(chart);
    axes(&mut svg, chart, top);
    for at in 0..chart.series.len() {
        match chart.kind {
            ChartKind::Bars => bars(&mut svg, chart, at, top, accent),
            ChartKind::Lines => lines(&mut svg, chart, at, top, accent),
        }
    }
    target(&mut svg, chart, top);
    legend(&mut svg, chart, accent);
    svg.push_str("</svg>");
    svg
}

/// The same picture in dots, for files that know no SVG; fine enough for print.
pub(crate) fn png(chart: &Chart, accent: &Accent) -> Option<Vec<u8>> {
    const FINE: f32 = 2.5;
    let options = usvg::Options { fontdb: Arc::clone(&FONTS), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(&svg(chart, accent), &options).ok()?;
    let size = tree.size().to_int_size().scale_by(FINE)?;
    let mut dots = tiny_skia::Pixmap::new(size.width(), size.height())?;
    dots.fill(tiny_skia::Color::WHITE);
    resvg::render(&tree, tiny_skia::Transform::from_scale(FINE, FINE), &mut dots.as_mut());
    dots.encode_png().ok()
}

static FONTS: LazyLock<Arc<usvg::fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = usvg::fontdb::Database::new();
    for file in faces::files() {
        fonts.load_font_source(usvg::fontdb::Source::Binary(Arc::new(file)));
    }
    Arc::new(fonts)
});

/// A figure as people read it: 1,234 or 12.5.
pub(crate) fn shown(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    let text = format!("{:.2}", rounded.abs());
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let part = part.trim_end_matches('0');
    let sign = if rounded < 0.0 { "−" } else { "" };
    if part.is_empty() { format!("{sign}{grouped}") } else { format!("{sign}{grouped}.{part}") }
}

/// The height of the picture's top: a round number above all figures.
fn ceiling(chart: &Chart) -> f64 {
    let values = chart.series.iter().flat_map(|series| series.values.iter().flatten());
    let highest =
        values.chain(chart.target.as_ref().map(|target| &target.value)).copied().filter(|value| value.is_finite());
    let highest = highest.fold(0.0_f64, f64::max);
    if highest <= 0.0 {
        return 1.0;
    }
    let step = 10_f64.powf((highest / 4.0).log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].map(|factor| factor * step).into_iter().find(|step| step * 4.0 >= highest);
    step.unwrap_or(highest / 4.0) * 4.0
}

/// Where a figure stands; figures below nought stand at the ground.
fn height_of(value: f64, top: f64) -> f64 {
    let share = if value.is_finite() { (value / top).clamp(0.0, 1.0) } else { 0.0 };
    HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)
}

/// Where a label's place begins, and how wide it is.
#[expect(clippy::cast_precision_loss, reason = "a chart has few places")]
fn place(chart: &Chart, at: usize) -> (f64, f64) {
    let width = (WIDTH - LEFT - RIGHT) / chart.labels.len().max(1) as f64;
    (LEFT + width * at as f64, width)
}

fn axes(svg: &mut String, chart: &Chart, top: f64) {
    for quarter in 0..=4 {
        let value = top * f64::from(quarter) / 4.0;
        let y = height_of(value, top);
        let colour = if quarter == 0 { "rgb(90,90,90)" } else { "rgb(215,215,215)" };
        let right = WIDTH - RIGHT;
        let _ = write!(svg, r#"<line x1="{LEFT}" y1="{y:.1}" x2="{right}" y2="{y:.1}" stroke="{colour}"/>"#);
        write_text(svg, LEFT - 6.0, y + 4.0, "end", &shown(value));
    }
    for (at, label) in chart.labels.iter().enumerate() {
        let (x, width) = place(chart, at);
        write_text(svg, x + width / 2.0, HEIGHT - BOTTOM + 17.0, "middle", label);
    }
    if !chart.unit.is_empty() {
        write_text(svg, LEFT - 6.0, TOP - 12.0, "end", &chart.unit);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a chart has few series")]
fn bars(svg: &mut String, chart: &Chart, at: usize, top: f64, accent: &Accent) {
    let count = chart.series.len() as f64;
    for (label, value) in
        chart.labels.iter().enumerate().filter_map(|(label, _)| Some((label, value(chart, at, label)?)))
    {
        let (x, width) = place(chart, label);
        let wide = (width * 0.72 / count).min(46.0);
        let x = x + width / 2.0 + wide * (at as f64 - count / 2.0);
        let y = height_of(value, top);
        let high = HEIGHT - BOTTOM - y;
        let (x, shown_wide) = (x + 1.0, wide - 2.0);
        let _ = write!(
            svg,
            r#"<rect x="{x:.1}" y="{y:.1}" width="{shown_wide:.1}" height="{high:.1}" {}/>"#,
            fill(at, accent)
        );
        write_text(svg, x + shown_wide / 2.0, y - 4.0, "middle", &shown(value));
    }
}

fn lines(svg: &mut String, chart: &Chart, at: usize, top: f64, accent: &Accent) {
    let points: Vec<Option<(f64, f64, f64)>> = (0..chart.labels.len())
        .map(|label| {
            let value = value(chart, at, label)?;
            let (x, width) = place(chart, label);
            Some((x + width / 2.0, height_of(value, top), value))
        })
        .collect();
    // Where a figure is missing the line is broken, since nobody knows how it went.
    for run in points.split(Option::is_none).filter(|run| run.len() > 1) {
        let way: Vec<String> = run.iter().flatten().map(|(x, y, _)| format!("{x:.1},{y:.1}")).collect();
        let _ = write!(svg, r#"<polyline points="{}" fill="none" {}/>"#, way.join(" "), stroke(at, accent));
    }
    for (label, point) in points.into_iter().enumerate() {
        let Some((x, y, own)) = point else { continue };
        dot(svg, at, x, y, accent);
        // The higher of two rows of figures is written above its mark, the lower below, so that they do not meet.
        let others =
            (0..chart.series.len()).filter(|other| *other != at).filter_map(|other| value(chart, other, label));
        let is_below = others.fold(false, |below, other| below || other > own || (other >= own && at > 0));
        write_text(svg, x, if is_below { y + 17.0 } else { y - 8.0 }, "middle", &shown(own));
    }
}

fn target(svg: &mut String, chart: &Chart, top: f64) {
    if let Some(target) = &chart.target {
        let y = height_of(target.value, top);
        let right = WIDTH - RIGHT;
        let _ = write!(
            svg,
            r#"<line x1="{LEFT}" y1="{y:.1}" x2="{right}" y2="{y:.1}" stroke="rgb(60,60,60)" stroke-width="1.4" stroke-dasharray="7 4"/>"#
        );
        let words = format!("{} {}", target.name, shown(target.value));
        write_text(svg, right, y - 5.0, "end", &words);
    }
}

fn legend(svg: &mut String, chart: &Chart, accent: &Accent) {
    let mut x = LEFT;
    for (at, series) in chart.series.iter().enumerate() {
        match chart.kind {
            ChartKind::Bars => {
                let _ = write!(svg, r#"<rect x="{x:.1}" y="5" width="12" height="12" {}/>"#, fill(at, accent));
            }
            ChartKind::Lines => {
                let end = x + 22.0;
                let _ = write!(svg, r#"<line x1="{x:.1}" y1="11" x2="{end:.1}" y2="11" {}/>"#, stroke(at, accent));
                dot(svg, at, x + 11.0, 11.0, accent);
                x += 10.0;
            }
        }
        write_text(svg, x + 17.0, 15.0, "start", &series.name);
        x += 17.0 + 12.0 * f64::from(u16::try_from(series.name.chars().count()).unwrap_or(u16::MAX)) + 16.0;
    }
}

fn value(chart: &Chart, series: usize, label: usize) -> Option<f64> {
    chart.series.get(series)?.values.get(label).copied().flatten().filter(|value| value.is_finite())
}

/// The first row of figures is full, the second light with an edge, the third white with an edge.
fn fill(at: usize, accent: &Accent) -> String {
    let colour = accent.as_str();
    match at % 3 {
        0 => format!(r#"fill="{colour}""#),
        1 => format!(r#"fill="rgb(205,212,222)" stroke="{colour}""#),
        _ => format!(r#"fill="white" stroke="{colour}" stroke-dasharray="3 2""#),
    }
}

fn stroke(at: usize, accent: &Accent) -> String {
    let dashes = ["", r#" stroke-dasharray="2 3""#, r#" stroke-dasharray="8 3""#][at % 3];
    format!(r#"stroke="{}" stroke-width="2"{dashes}"#, accent.as_str())
}

fn dot(svg: &mut String, at: usize, x: f64, y: f64, accent: &Accent) {
    let colour = accent.as_str();
    let _ = if at.is_multiple_of(2) {
        write!(svg, r#"<circle cx="{x:.1}" cy="{y:.1}" r="3.6" fill="{colour}"/>"#)
    } else {
        let (x, y) = (x - 3.5, y - 3.5);
        write!(
            svg,
            r#"<rect x="{x:.1}" y="{y:.1}" width="7" height="7" fill="white" stroke="{colour}" stroke-width="1.6"/>"#
        )
    };
}

fn write_text(svg: &mut String, x: f64, y: f64, anchor: &str, words: &str) {
    let _ = write!(svg, r#"<text x="{x:.1}" y="{y:.1}" text-anchor="{anchor}">"#);
    for piece in drawn_pieces(words) {
        let words = escaped(&piece.words);
        let _ = if piece.rare {
            write!(svg, r#"<tspan font-family="{}">{words}</tspan>"#, faces::RARE)
        } else {
            write!(svg, "{words}")
        };
    }
    svg.push_str("</text>");
}

/// Words that end no element.
fn escaped(words: &str) -> String {
    words.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paper::{Series, Target};

    #[test]
    fn figures_are_written_as_people_read_them() {
        let shown = [0.0, 12.0, 1234.0, 1_234_567.5, 0.125, -3.0].map(shown);
        assert_eq!(shown, ["0", "12", "1,234", "1,234,567.5", "0.13", "−3"]);
    }

    #[test]
    fn the_top_is_round_and_above_everything() {
        for (highest, top) in [(0.0, 1.0), (3.0, 4.0), (7.0, 8.0), (9.0, 10.0), (88.0, 100.0), (1810.0, 2000.0)] {
            let chart = Chart {
                kind: ChartKind::Bars,
                unit: String::new(),
                labels: vec![String::new()],
                series: vec![Series { name: String::new(), values: vec![Some(highest)] }],
                target: None,
            };
            assert!((ceiling(&chart) - top).abs() < 1e-9, "{highest}: {}", ceiling(&chart));
        }
    }

    #[test]
    fn words_in_a_picture_stay_words() {
        let chart = Chart {
            kind: ChartKind::Lines,
            unit: "<b>".to_owned(),
            labels: vec!["</text>".to_owned(), "&".to_owned()],
            series: vec![Series { name: "\"<".to_owned(), values: vec![Some(f64::NAN), None, Some(1.0)] }],
            target: Some(Target { name: ">".to_owned(), value: f64::INFINITY }),
        };
        let svg = svg(&chart, &Accent::default());
        assert!(svg.contains("&lt;/text&gt;") && svg.contains("&amp;") && !svg.contains("<b>"), "{svg}");
    }
}
