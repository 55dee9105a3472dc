//! Charts: drawings made here, each with its numbers as a table.

use maud::{Markup, html};

/// A row of numbers over time, for one or two series.
#[derive(Clone, Debug)]
pub struct Chart<'a> {
    /// What the chart shows.
    pub caption: &'a str,
    /// What the points are, such as "Hour".
    pub unit: &'a str,
    /// The names of the series, at most two: the second one is what went wrong.
    pub series: &'a [&'a str],
    /// The points: their names, and a number for each series.
    pub points: Vec<(String, Vec<i64>)>,
}

const WIDTH: usize = 640;
const HEIGHT: usize = 160;
const BOTTOM: usize = 20;
const LEFT: usize = 44;

impl Chart<'_> {
    /// Renders bars, one beside the other for each point.
    pub fn bars(&self) -> Markup {
        let top = self.top();
        let room = (WIDTH - LEFT) / self.points.len().max(1);
        let width = (room * 4 / 5).clamp(1, 40) / self.series.len().max(1);
        self.figure(top, &html! {
            @for (index, (_, values)) in self.points.iter().enumerate() {
                @for (series, value) in values.iter().enumerate() {
                    @let height = height(*value, top);
                    rect class={ "series-" (series + 1) } x=(LEFT + index * room + series * width)
                        y=(HEIGHT - BOTTOM - height) width=(width.max(1)) height=(height) {}
                }
            }
        })
    }

    /// Renders a line for each series.
    pub fn lines(&self) -> Markup {
        let top = self.top();
        let step = |index: usize| {
            LEFT + index * (WIDTH - LEFT - 4) / self.points.len().saturating_sub(1).max(1)
        };
        self.figure(
            top,
            &html! {
                @for series in 0..self.series.len() {
                    polyline class={ "line series-" (series + 1) } points=(
                        self.points.iter().enumerate().map(|(index, (_, values))| {
                            let value = values.get(series).copied().unwrap_or(0);
                            format!("{},{}", step(index), HEIGHT - BOTTOM - height(value, top))
                        }).collect::<Vec<_>>().join(" ")
                    ) {}
                }
            },
        )
    }

    /// Returns the number at the top of the axis: one, two or five times a power of ten.
    fn top(&self) -> i64 {
        let most = self.points.iter().flat_map(|(_, values)| values).copied().max().unwrap_or(0);
        let mut power: i64 = 1;
        loop {
            for step in [1, 2, 5] {
                let top = power.saturating_mul(step);
                if top >= most || top == i64::MAX {
                    return top;
                }
            }
            power = power.saturating_mul(10);
        }
    }

    fn figure(&self, top: i64, drawn: &Markup) -> Markup {
        let (first, last) = (self.points.first(), self.points.last());
        html! {
            figure.chart {
                figcaption { (self.caption) }
                svg viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } aria-hidden="true" {
                    path.axis d={ "M" (LEFT) " 0V" (HEIGHT - BOTTOM) "H" (WIDTH) } {}
                    text x=(LEFT - 6) y="10" text-anchor="end" { (top) }
                    text x=(LEFT - 6) y=(HEIGHT - BOTTOM) text-anchor="end" { "0" }
                    (drawn)
                    @if let Some((name, _)) = first { text x=(LEFT) y=(HEIGHT - 5) { (name) } }
                    @if let Some((name, _)) = last {
                        text x=(WIDTH) y=(HEIGHT - 5) text-anchor="end" { (name) }
                    }
                }
                @if self.series.len() > 1 {
                    ul.legend { @for (index, name) in self.series.iter().enumerate() {
                        li class={ "series-" (index + 1) } { (name) }
                    } }
                }
                details {
                    summary { "Numbers" }
                    div.scroll role="region" aria-label=(self.caption) tabindex="0" { table {
                        caption.unseen { (self.caption) }
                        thead { tr {
                            th scope="col" { (self.unit) }
                            @for name in self.series { th.number scope="col" { (name) } }
                        } }
                        tbody { @for (name, values) in &self.points { tr {
                            th scope="row" { (name) }
                            @for value in values { td.number { (value) } }
                        } } }
                    } }
                }
            }
        }
    }
}

/// Returns the height of a value in the drawing; what is not nothing is seen.
fn height(value: i64, top: i64) -> usize {
    let whole = i64::try_from(HEIGHT - BOTTOM).unwrap_or(0);
    let height = value.max(0).saturating_mul(whole) / top.max(1);
    usize::try_from(if value > 0 { height.max(1) } else { height }).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[i64]) -> Chart<'static> {
        let points = values.iter().map(|value| (format!("{value}<"), vec![*value])).collect();
        Chart { caption: "Requests", unit: "Hour", series: &["Requests"], points }
    }

    #[test]
    fn the_axis_ends_at_a_round_number_and_every_number_is_in_the_table() {
        for (values, top) in
            [(&[][..], 1), (&[0, 1], 1), (&[3], 5), (&[51, 7], 100), (&[1001], 2000)]
        {
            assert_eq!(chart(values).top(), top, "{values:?}");
        }
        let shown = chart(&[7, 51]).bars().into_string();
        assert!(
            shown.contains("<td class=\"number\">51</td>") && shown.contains("51&lt;"),
            "{shown}"
        );
        let lines = chart(&[i64::MAX, 0]).lines().into_string();
        assert!(lines.contains("<polyline"), "{lines}");
    }
}
