//! The curves as one SVG: a panel for each kind of request, both axes logarithmic.

use std::fmt::Write as _;

use super::question::Question;
use super::report::{Figure, Stage, by_engine};
use crate::report::{counted, number};

/// Panels beside each other, and the size of each with its titles.
const COLUMNS: usize = 2;
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 190.0;
/// The drawing within a panel.
const LEFT: f64 = 60.0;
const TOP: f64 = 30.0;
const RIGHT: f64 = 50.0;
const BOTTOM: f64 = 32.0;
/// Above the panels, for the legend.
const HEAD: f64 = 44.0;

/// Legible on light and on dark; engines differ by their marks, too.
const STYLE: &str = "text{font:12px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600}.small{font-size:11px}\
    .grid{stroke:#8884;stroke-width:1}.sqlite{stroke:#0a6a8a;fill:#0a6a8a}.postgres{stroke:#b3500b;fill:#b3500b}\
    polyline{fill:none!important;stroke-width:2}.half{stroke-dasharray:4 4;stroke-width:1.5}text.sqlite,text.postgres{stroke:none}\
    @media(prefers-color-scheme:dark){text{fill:#e6edf3}.sqlite{stroke:#5cc8ee;fill:#5cc8ee}.postgres{stroke:#ffa657;fill:#ffa657}}";

/// Draws it.
pub(super) fn draw(stages: &[Stage]) -> String {
    let rows = Question::ALL.len().div_ceil(COLUMNS);
    let (width, height) = (WIDTH * size(COLUMNS), HEAD + HEIGHT * size(rows));
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-labelledby=\"title description\">\n<title id=\"title\">Latency by size of the database</title>\n\
         <desc id=\"description\">{}</desc>\n<style>{STYLE}</style>\n",
        description(stages)
    );
    legend(&mut svg, stages);
    let axes = Axes::around(stages);
    for (n, question) in Question::ALL.into_iter().enumerate() {
        let (x, y) = (WIDTH * size(n % COLUMNS), HEAD + HEIGHT * size(n / COLUMNS));
        // Writing to a String cannot fail.
        let _ = writeln!(svg, "<g transform=\"translate({x} {y})\">");
        panel(&mut svg, &axes, stages, question);
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

#[expect(clippy::cast_precision_loss, reason = "a few panels")]
const fn size(n: usize) -> f64 {
    n as f64
}

/// The figures in words, for who does not see them.
fn description(stages: &[Stage]) -> String {
    let mut text = String::from("99th percentiles in milliseconds.");
    for (engine, stages) in by_engine(stages) {
        for question in Question::ALL {
            let of_size = |stage: &&Stage| {
                let figure = stage.figure(question)?;
                Some(format!("{} with {} tasks", number(figure.p99, 2), counted(stage.size.tasks)))
            };
            let figures: Vec<String> = stages.iter().filter_map(of_size).collect();
            if !figures.is_empty() {
                let _ = write!(text, " On {engine}, {}: {}.", question.name(), figures.join(", "));
            }
        }
    }
    text
}

fn legend(svg: &mut String, stages: &[Stage]) {
    let _ = writeln!(
        svg,
        "<text class=\"title\" x=\"12\" y=\"18\">Latency in ms by tasks in the database; each has ten messages</text>"
    );
    for (n, engine) in by_engine(stages).into_keys().enumerate() {
        let x = 12.0 + size(n) * 230.0;
        let _ = writeln!(
            svg,
            "<polyline class=\"{engine}\" points=\"{x},34 {},34\"/>{}<text class=\"small\" x=\"{}\" y=\"38\">{engine}: p99, \
             and p50 dashed</text>",
            x + 24.0,
            mark(engine, x + 12.0, 34.0),
            x + 30.0
        );
    }
}

/// What stands at a point: a circle for one engine, a square for the other.
fn mark(engine: &str, x: f64, y: f64) -> String {
    if engine == "sqlite" {
        format!("<circle class=\"{engine}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\"/>")
    } else {
        format!(
            "<rect class=\"{engine}\" x=\"{:.1}\" y=\"{:.1}\" width=\"6\" height=\"6\"/>",
            x - 3.0,
            y - 3.0
        )
    }
}

/// From where to where the panels reach, as powers of ten.
struct Axes {
    tasks: (f64, f64),
    millis: (f64, f64),
}

impl Axes {
    fn around(stages: &[Stage]) -> Self {
        let tasks = stages.iter().map(|stage| tasks(stage).log10());
        let figures = stages.iter().flat_map(|stage| &stage.figures);
        let millis =
            figures.flat_map(|(_, figure)| [figure.p50, figure.p99]).map(|millis| millis.max(0.001).log10());
        let range = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
                (low.min(value), high.max(value))
            })
        };
        let (tasks, millis) = (range(&mut { tasks }), range(&mut { millis }));
        Self { tasks, millis: (millis.0.floor(), millis.1.ceil()) }
    }

    fn x(&self, tasks: f64) -> f64 {
        LEFT + part(tasks.log10(), self.tasks) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, millis: f64) -> f64 {
        HEIGHT - BOTTOM - part(millis.max(0.001).log10(), self.millis) * (HEIGHT - TOP - BOTTOM)
    }
}

/// Where a value lies between two others, from 0 to 1.
fn part(value: f64, (low, high): (f64, f64)) -> f64 {
    if high > low { (value - low) / (high - low) } else { 0.5 }
}

#[expect(clippy::cast_precision_loss, reason = "there are no 2^52 tasks")]
const fn tasks(stage: &Stage) -> f64 {
    stage.size.tasks as f64
}

fn panel(svg: &mut String, axes: &Axes, stages: &[Stage], question: Question) {
    let _ = writeln!(svg, "<text class=\"title\" x=\"{LEFT}\" y=\"16\">{}</text>", question.name());
    let mut decade = axes.millis.0;
    while decade <= axes.millis.1 {
        let millis = 10_f64.powf(decade);
        let (y, digits) = (axes.y(millis), if millis < 0.1 { 2 } else { usize::from(millis < 1.0) });
        let _ = writeln!(
            svg,
            "<line class=\"grid\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text class=\"small\" x=\"{:.1}\" \
             y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            y + 4.0,
            number(millis, digits)
        );
        decade += 1.0;
    }
    let engines = by_engine(stages);
    let mut sizes: Vec<i64> = stages.iter().map(|stage| stage.size.tasks).collect();
    sizes.sort_unstable();
    sizes.dedup();
    for size in sizes {
        let at =
            stages.iter().find(|stage| stage.size.tasks == size).map_or(LEFT, |stage| axes.x(tasks(stage)));
        let _ = writeln!(
            svg,
            "<text class=\"small\" x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            HEIGHT - BOTTOM + 18.0,
            counted(size)
        );
    }
    let mut labels = Vec::new();
    for (engine, stages) in engines {
        let point = |value: fn(&Figure) -> f64| {
            let points = stages.iter().filter_map(move |stage| {
                Some((axes.x(tasks(stage)), axes.y(value(&stage.figure(question)?))))
            });
            points.collect::<Vec<_>>()
        };
        for (class, points) in [("half ", point(|figure| figure.p50)), ("", point(|figure| figure.p99))] {
            let line: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let _ = writeln!(svg, "<polyline class=\"{class}{engine}\" points=\"{}\"/>", line.join(" "));
            if class.is_empty() {
                svg.extend(points.iter().map(|(x, y)| mark(engine, *x, *y)));
            }
        }
        let last = stages.last().and_then(|stage| Some((stage, stage.figure(question)?)));
        labels.extend(last.map(|(stage, figure)| Label {
            engine,
            x: axes.x(tasks(stage)) + 8.0,
            y: axes.y(figure.p99) + 4.0,
            text: number(figure.p99, if figure.p99 < 10.0 { 2 } else { 0 }),
        }));
    }
    for Label { engine, x, y, text } in apart(labels) {
        let _ = writeln!(svg, "<text class=\"small {engine}\" x=\"{x:.1}\" y=\"{y:.1}\">{text}</text>");
    }
}

/// A figure behind the end of its curve.
struct Label {
    engine: &'static str,
    x: f64,
    y: f64,
    text: String,
}

/// Moves labels up that would lie on others.
fn apart(mut labels: Vec<Label>) -> Vec<Label> {
    labels.sort_by(|a, b| b.y.total_cmp(&a.y));
    let mut free = f64::INFINITY;
    for label in &mut labels {
        label.y = label.y.min(free);
        free = label.y - 12.0;
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grow::report::tests::stages;

    #[test]
    fn what_is_drawn_is_said_in_words_and_lies_within_the_picture() {
        let svg = draw(&stages());
        assert!(
            svg.contains("On sqlite, get task: 1.00 with 10,000 tasks, 1.50 with 1,000,000 tasks."),
            "{svg}"
        );
        assert!(svg.contains("On postgres, get task: 2.00 with 10,000 tasks."));
        assert_eq!(svg.matches("<circle").count(), 3, "two figures and the legend");
        assert_eq!(svg.matches("<rect").count(), 2, "one figure and the legend");
        assert_eq!(svg.matches("<g ").count(), svg.matches("</g>").count());
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }

    #[test]
    fn larger_is_further_right_and_slower_is_further_up() {
        let axes = Axes::around(&stages());
        assert!(axes.x(10_000.0) < axes.x(1_000_000.0) && axes.y(1.0) > axes.y(1.5));
        assert!(
            (axes.x(10_000.0) - LEFT).abs() < 1e-9 && (axes.x(1_000_000.0) - (WIDTH - RIGHT)).abs() < 1e-9
        );
        assert!(axes.y(2.0) >= TOP && axes.y(0.5) <= HEIGHT - BOTTOM);
    }

    #[test]
    fn labels_do_not_lie_on_each_other() {
        let label = |y| Label { engine: "sqlite", x: 0.0, y, text: String::new() };
        let heights: Vec<f64> =
            apart(vec![label(50.0), label(52.0), label(90.0)]).iter().map(|label| label.y).collect();
        assert_eq!(heights, [90.0, 52.0, 40.0]);
    }
}
