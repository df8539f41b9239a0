//! A chart of one figure over the years: a picture drawn on the server, and the table behind it.
//!
//! The dotted line leads from baseline to target, filled points are full years, the hollow point is where a
//! running year will end at its pace.

use std::fmt::Write;

use askama::Template;
use askama::filters::HtmlSafe;
use kyodo_kernel::FiscalYear;

use crate::Frame;
use crate::format::number;
use crate::frame::{Html, escape};

/// A value of a fiscal year.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChartPoint {
    /// The year.
    pub year: FiscalYear,
    /// The value, in the figure's unit.
    pub value: f64,
}

/// A figure over the years.
#[derive(Clone, Debug)]
pub struct Chart<'a> {
    /// The page's frame.
    pub f: &'a Frame,
    /// Makes the ids of this chart unique on its page.
    pub id: String,
    /// The figure's name.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// Decimals of its values.
    pub decimals: u8,
    /// Where it began.
    pub baseline: Option<ChartPoint>,
    /// Where it should go, by year.
    pub targets: Vec<ChartPoint>,
    /// Full years, by year.
    pub years: Vec<ChartPoint>,
    /// The running year until now.
    pub so_far: Option<ChartPoint>,
    /// Where the running year will end at its pace.
    pub projection: Option<ChartPoint>,
    /// Large, with an axis of its own, for the figure's own page.
    pub large: bool,
    /// A sentence under the picture.
    pub caption: String,
}

/// A line of the table behind the picture.
struct ChartRow {
    year: String,
    line: String,
    value: String,
    kind: String,
}

#[derive(Template)]
#[template(path = "chart.html")]
struct ChartTemplate<'a> {
    f: &'a Frame,
    chart: &'a Chart<'a>,
    picture: Html,
    rows: Vec<ChartRow>,
}

impl std::fmt::Display for Chart<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let picture = if self.is_empty() { Html::default() } else { Html(self.picture()) };
        let page = ChartTemplate { f: self.f, chart: self, picture, rows: self.rows() };
        f.write_str(&page.render().map_err(|_| std::fmt::Error)?)
    }
}
impl HtmlSafe for Chart<'_> {}

/// Room for the drawing inside the picture, in its own units.
struct Space {
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

const SMALL: Space = Space { width: 320.0, height: 142.0, left: 8.0, right: 302.0, top: 40.0, bottom: 92.0 };
const LARGE: Space = Space { width: 400.0, height: 268.0, left: 52.0, right: 376.0, top: 40.0, bottom: 236.0 };

impl Chart<'_> {
    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points().next().is_none() && self.targets.is_empty()
    }

    fn points(&self) -> impl Iterator<Item = ChartPoint> {
        let first = self.years.first().map(|point| point.year);
        self.baseline.filter(|b| first.is_none_or(|year| b.year < year)).into_iter().chain(self.years.iter().copied())
    }

    fn everything(&self) -> impl Iterator<Item = ChartPoint> {
        self.points().chain(self.targets.iter().copied()).chain(self.so_far).chain(self.projection)
    }

    fn first_year(&self) -> FiscalYear {
        self.everything().map(|point| point.year).min().unwrap_or(FiscalYear::new(0))
    }

    fn last_year(&self) -> FiscalYear {
        self.everything().map(|point| point.year).max().unwrap_or(FiscalYear::new(0))
    }

    /// The value with its unit, as a label shows it: 回/年 is 回 there.
    fn labelled(&self, value: f64) -> String {
        let unit = self.unit.split('/').next().unwrap_or_default();
        format!("{}{unit}", number(value, self.decimals))
    }

    fn picture(&self) -> String {
        let space = if self.large { LARGE } else { SMALL };
        let drawn: Vec<f64> = self
            .points()
            .chain(self.targets.iter().copied())
            .chain(self.projection)
            .chain(self.so_far.filter(|_| self.points().next().is_none()))
            .map(|point| point.value)
            .collect();
        let (low, high) = bounds(&drawn);
        let scale = if self.large { round_axis(low, high) } else { Axis { low, high, step: high - low } };
        let (first, last) = (self.first_year(), self.last_year());
        let years = f64::from((i32::from(last) - i32::from(first)).max(1));
        let x = |year: FiscalYear| {
            space.left + (space.right - space.left) * f64::from(i32::from(year) - i32::from(first)) / years
        };
        let y = |value: f64| {
            space.bottom - (space.bottom - space.top) * (value - scale.low) / (scale.high - scale.low).max(f64::EPSILON)
        };
        let at = |point: &ChartPoint| format!("{:.1} {:.1}", x(point.year), y(point.value));
        let path = |points: &[ChartPoint]| points.iter().map(at).collect::<Vec<_>>().join("L");

        let mut svg = self.opening(&space);
        if self.large {
            let mut value = scale.low;
            while value <= scale.high + scale.step / 1000.0 {
                let line = y(value);
                let decimals = if scale.step.fract() == 0.0 { 0 } else { self.decimals.max(1) };
                put(
                    &mut svg,
                    format_args!(
                        "<line class=\"rule\" x1=\"{}\" x2=\"{}\" y1=\"{line:.1}\" y2=\"{line:.1}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                        space.left,
                        space.width - 8.0,
                        space.left - 6.0,
                        line + 4.0,
                        number(value, decimals)
                    ),
                );
                value += scale.step;
            }
        } else {
            put(&mut svg, format_args!("<line class=\"rule\" x1=\"0\" x2=\"312\" y1=\"120\" y2=\"120\"/>"));
        }
        self.year_labels(&mut svg, &space, x);

        let points: Vec<ChartPoint> = self.points().collect();
        let way: Vec<ChartPoint> = self.baseline.into_iter().chain(self.targets.iter().copied()).collect();
        if way.len() > 1 {
            put(&mut svg, format_args!("<path class=\"aim\" d=\"M{}\"/>", path(&way)));
        } else if let Some(target) = self.targets.first() {
            let line = y(target.value);
            put(
                &mut svg,
                format_args!(
                    "<line class=\"aim\" x1=\"{}\" x2=\"{:.1}\" y1=\"{line:.1}\" y2=\"{line:.1}\"/>",
                    space.left,
                    x(target.year)
                ),
            );
        }
        if let (Some(last), Some(projection)) = (points.last(), &self.projection) {
            put(&mut svg, format_args!("<path class=\"guess\" d=\"M{}\"/>", path(&[*last, *projection])));
        }
        if points.len() > 1 {
            put(&mut svg, format_args!("<path class=\"run\" d=\"M{}\"/>", path(&points)));
        }
        self.dots(&mut svg, &space, &points, x, y);
        svg.push_str("</svg>");
        svg
    }

    fn opening(&self, space: &Space) -> String {
        let (mut name, mut description) = (String::new(), String::new());
        escape(&self.f.with("chart-title", &[("name", &self.name)]), &mut name);
        escape(&self.description(), &mut description);
        format!(
            "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\"><title id=\"{id}-t\">{name}</title><desc id=\"{id}-d\">{description}</desc>",
            space.width,
            space.height,
            id = self.id
        )
    }

    fn year_labels(&self, svg: &mut String, space: &Space, x: impl Fn(FiscalYear) -> f64) {
        let (first, last) = (self.first_year(), self.last_year());
        let year = |year: FiscalYear| {
            let mut text = String::new();
            escape(&self.f.ctx.short_year(year), &mut text);
            text
        };
        if self.large {
            let every = if i32::from(last) - i32::from(first) > 6 { 2 } else { 1 };
            for shown in first.through(last).filter(|y| (i32::from(*y) - i32::from(first)) % every == 0) {
                let odd = (i32::from(shown) - i32::from(first)) % 2 == 1;
                put(
                    svg,
                    format_args!(
                        "<text{} x=\"{:.1}\" y=\"258\" text-anchor=\"middle\">{}</text>",
                        if odd { " class=\"odd\"" } else { "" },
                        x(shown),
                        year(shown)
                    ),
                );
            }
            let mut unit = String::new();
            escape(&self.unit, &mut unit);
            put(svg, format_args!("<text x=\"{}\" y=\"14\" text-anchor=\"end\">{unit}</text>", space.left - 6.0));
        } else {
            put(svg, format_args!("<text x=\"8\" y=\"138\" text-anchor=\"start\">{}</text>", year(first)));
            if last > first {
                put(svg, format_args!("<text x=\"312\" y=\"138\" text-anchor=\"end\">{}</text>", year(last)));
            }
            if let Some(latest) = self.years.last()
                && (80.0..=240.0).contains(&x(latest.year))
            {
                put(
                    svg,
                    format_args!(
                        "<text x=\"{:.1}\" y=\"138\" text-anchor=\"middle\">{}</text>",
                        x(latest.year),
                        year(latest.year)
                    ),
                );
            }
        }
    }

    fn dots(
        &self,
        svg: &mut String,
        space: &Space,
        points: &[ChartPoint],
        x: impl Fn(FiscalYear) -> f64,
        y: impl Fn(f64) -> f64,
    ) {
        let label = |value: f64| {
            let mut text = String::new();
            escape(&self.labelled(value), &mut text);
            text
        };
        for point in points.iter().rev().skip(1) {
            put(
                svg,
                format_args!(
                    "<circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"/>",
                    x(point.year),
                    y(point.value)
                ),
            );
        }
        if let Some(baseline) = self.baseline.filter(|_| points.len() > 1) {
            let below = (y(baseline.value) + if self.large { 18.0 } else { 22.0 }).min(space.bottom + 22.0);
            let beside = x(baseline.year) + if self.large { 8.0 } else { -4.0 };
            put(
                svg,
                format_args!(
                    "<text x=\"{:.1}\" y=\"{below:.1}\">{}</text>",
                    beside,
                    number(baseline.value, self.decimals)
                ),
            );
        }
        for target in &self.targets {
            put(
                svg,
                format_args!(
                    "<circle class=\"dot--aim\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"5\"/>",
                    x(target.year),
                    y(target.value)
                ),
            );
        }
        let aim = self.targets.last();
        if let Some(target) = aim {
            let mut text = String::new();
            escape(&self.f.with("chart-target", &[("value", &self.labelled(target.value))]), &mut text);
            put(
                svg,
                format_args!(
                    "<text class=\"strong\" text-anchor=\"end\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>",
                    (x(target.year) + 10.0).min(space.width - 8.0),
                    y(target.value) - 13.0
                ),
            );
        }
        if let Some(projection) = &self.projection {
            put(
                svg,
                format_args!(
                    "<circle class=\"dot--guess\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"5\"/>",
                    x(projection.year),
                    y(projection.value)
                ),
            );
        }
        if let Some(latest) = points.last() {
            let (px, py) = (x(latest.year), y(latest.value));
            let near_aim = aim.is_some_and(|aim| (x(aim.year) - px).abs() < 110.0 && (y(aim.value) - py).abs() < 24.0);
            let (anchor, lx, ly) = if self.large {
                // Left above the point, out of the way of where the year is heading, but not into the target's line.
                let ly = if near_aim { py + 24.0 } else { py - 10.0 };
                if px < 150.0 { ("start", px - 4.0, ly) } else { ("end", px - 2.0, ly) }
            } else {
                // Below the way to the target the label stands under its point, above it over, so that both stay
                // readable; a projection that falls wants the label above.
                let below_line = self.line_at(latest.year).map(&y).is_some_and(|line| py > line + 1.0);
                let falling = self.projection.is_some_and(|projection| y(projection.value) > py + 4.0);
                let under = (below_line && !falling) || near_aim;
                let anchor = if px < 40.0 {
                    "start"
                } else if px > space.width - 50.0 {
                    "end"
                } else {
                    "middle"
                };
                (anchor, px, if under { py + 24.0 } else { py - 13.0 })
            };
            put(
                svg,
                format_args!(
                    "<circle class=\"dot\" cx=\"{px:.1}\" cy=\"{py:.1}\" r=\"5.5\"/><text class=\"now-label\" text-anchor=\"{anchor}\" x=\"{lx:.1}\" y=\"{ly:.1}\">{}</text>",
                    label(latest.value)
                ),
            );
        } else if let Some(so_far) = &self.so_far {
            put(
                svg,
                format_args!(
                    "<circle class=\"dot--guess\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"5.5\"/><text class=\"now-label\" text-anchor=\"start\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                    x(so_far.year),
                    y(so_far.value),
                    x(so_far.year),
                    y(so_far.value) - 13.0,
                    label(so_far.value)
                ),
            );
        }
    }

    /// The value of the way from baseline to targets in a year.
    fn line_at(&self, year: FiscalYear) -> Option<f64> {
        let way: Vec<ChartPoint> = self.baseline.into_iter().chain(self.targets.iter().copied()).collect();
        way.windows(2).find(|pair| pair[0].year <= year && year <= pair[1].year).map(|pair| {
            let whole = f64::from(i32::from(pair[1].year) - i32::from(pair[0].year)).max(1.0);
            let part = f64::from(i32::from(year) - i32::from(pair[0].year));
            pair[0].value + (pair[1].value - pair[0].value) * part / whole
        })
    }

    fn description(&self) -> String {
        let f = self.f;
        let point = |key: &str, point: &ChartPoint| {
            f.with(key, &[("year", &f.ctx.long_year(point.year)), ("value", &self.labelled(point.value))])
        };
        let sentences = [
            self.baseline.map(|p| point("chart-says-baseline", &p)),
            self.years.last().map(|p| point("chart-says-latest", p)),
            self.so_far.map(|p| point("chart-says-so-far", &p)),
            self.projection.map(|p| point("chart-says-projection", &p)),
            self.targets.last().map(|p| point("chart-says-target", p)),
        ];
        sentences.into_iter().flatten().collect()
    }

    fn rows(&self) -> Vec<ChartRow> {
        if self.is_empty() {
            return Vec::new();
        }
        let f = self.f;
        let find = |points: &[ChartPoint], year| points.iter().find(|p| p.year == year).copied();
        self.first_year()
            .through(self.last_year())
            .map(|year| {
                let baseline = self.baseline.filter(|p| p.year == year);
                let value = find(&self.years, year);
                let so_far = self.so_far.filter(|p| p.year == year && value.is_none());
                let target = find(&self.targets, year);
                let mut kinds = Vec::new();
                if baseline.is_some() {
                    kinds.push(f.t("chart-kind-baseline"));
                } else if value.is_some() {
                    kinds.push(f.t("chart-kind-year"));
                } else if so_far.is_some() {
                    kinds.push(f.t("chart-kind-so-far"));
                }
                if let Some(target) = target {
                    kinds.push(f.with("chart-target", &[("value", &number(target.value, self.decimals))]));
                }
                let shown = value.or(baseline).or(so_far);
                let none = || "－".to_owned();
                ChartRow {
                    year: f.ctx.long_year(year),
                    line: self.line_at(year).map_or_else(none, |v| number(v, self.decimals.max(1))),
                    value: shown.map_or_else(none, |p| number(p.value, self.decimals)),
                    kind: if kinds.is_empty() { none() } else { kinds.join("、") },
                }
            })
            .collect()
    }
}

fn put(svg: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = svg.write_fmt(what);
}

/// The span of the values, with a little room when they are all alike.
fn bounds(values: &[f64]) -> (f64, f64) {
    let low = values.iter().copied().fold(f64::INFINITY, f64::min);
    let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !low.is_finite() || !high.is_finite() {
        (0.0, 1.0)
    } else if (high - low).abs() < f64::EPSILON {
        (low.min(0.0), if high > 0.0 { high } else { 1.0 })
    } else {
        (low, high)
    }
}

struct Axis {
    low: f64,
    high: f64,
    step: f64,
}

/// Three to six round steps around the values: 1, 2 or 5 times a power of ten.
fn round_axis(low: f64, high: f64) -> Axis {
    let rough = (high - low).max(f64::EPSILON) / 3.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= rough).unwrap_or(rough);
    Axis { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_numbers_around_its_values() {
        let axis = round_axis(2335.0, 2500.0);
        assert!(
            (axis.low - 2300.0).abs() < 1e-9 && (axis.high - 2500.0).abs() < 1e-9 && (axis.step - 100.0).abs() < 1e-9
        );
        let axis = round_axis(3.77, 4.23);
        assert!(axis.low <= 3.77 && axis.high >= 4.23 && (axis.step - 0.2).abs() < 1e-9);
    }
}
