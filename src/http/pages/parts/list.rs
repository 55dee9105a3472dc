//! Lists: a table, what it is searched by, and the way to the next page.

use maud::{Markup, html};

/// A column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// The heading; narrow screens show it before each cell.
    pub name: &'static str,
    /// Whether its cells are numbers.
    pub is_number: bool,
    /// The form to which the ticks in its cells belong; empty if it has none.
    pub form: &'static str,
}

impl Column {
    /// A column of texts.
    pub const fn text(name: &'static str) -> Self {
        Self { name, is_number: false, form: "" }
    }

    /// A column of numbers.
    pub const fn number(name: &'static str) -> Self {
        Self { name, is_number: true, form: "" }
    }

    /// A column of ticks by which rows are chosen for the form with this id ([`chosen_form`]).
    pub const fn ticks(form: &'static str) -> Self {
        Self { name: "Select", is_number: false, form }
    }
}

/// A page of a list.
pub struct Table<'a> {
    /// What the table is, for screen readers.
    pub caption: &'a str,
    /// The columns.
    pub columns: &'a [Column],
    /// The rows; each has a cell for each column.
    pub rows: Vec<Vec<Markup>>,
    /// What stands in place of rows when there are none.
    pub nothing: &'a str,
    /// The address of the next page.
    pub next: Option<String>,
}

impl Table<'_> {
    /// Renders the table.
    pub fn render(&self) -> Markup {
        self.render_with(&[])
    }

    /// Renders the table with something beside the headings of these columns.
    pub fn render_with(&self, beside: &[(&str, Markup)]) -> Markup {
        html! {
            section.card.flush data-list=(self.caption) {
                div.scroll role="region" aria-label=(self.caption) tabindex="0" {
                    table.cards {
                        caption.unseen { (self.caption) }
                        thead { tr {
                            @for column in self.columns { (heading(*column, beside)) }
                        } }
                        tbody {
                            @for row in &self.rows { tr {
                                @for (column, cell) in self.columns.iter().zip(row) {
                                    @if column.name.is_empty() {
                                        td.actions-cell { (cell) }
                                    } @else if !column.form.is_empty() {
                                        td.tick-cell { (cell) }
                                    } @else {
                                        td.number[column.is_number] data-label=(column.name) { (cell) }
                                    }
                                }
                            } }
                        }
                    }
                }
                footer.row.apart {
                    @if self.rows.is_empty() && !self.nothing.is_empty() {
                        span.muted { (self.nothing) }
                    } @else {
                        span.muted data-count { (self.rows.len()) " shown" }
                    }
                    @if let Some(next) = &self.next {
                        a.button.small href=(next) data-more { "Load more" }
                    }
                }
            }
        }
    }
}

fn heading(column: Column, beside: &[(&str, Markup)]) -> Markup {
    let more = beside.iter().find(|(name, _)| *name == column.name).map(|(_, more)| more);
    html! {
        th.number[column.is_number].tick-cell[!column.form.is_empty()] scope="col" {
            @if column.name.is_empty() {
                span.unseen { "Actions" }
            } @else if !column.form.is_empty() {
                span.unseen { (column.name) }
                input type="checkbox" aria-label="Select all shown" data-ticks=(column.form) hidden;
            } @else { (column.name) }
            @if let Some(more) = more { " " (more) }
        }
    }
}

/// Renders the tick by which a row is chosen for the form with the id `form`.
pub fn tick(form: &str, name: &str, value: &str, label: &str) -> Markup {
    html! { input type="checkbox" form=(form) name=(name) value=(value) aria-label=(label); }
}

/// Renders the form that the ticks of a table belong to: it is sent to a page that asks for
/// confirmation. Where scripts run, the button says how many are chosen.
pub fn chosen_form(id: &str, action: &str, button: &str, hint: &str) -> Markup {
    html! {
        form.chosen id=(id) method="post" action=(action) data-chooses {
            button data-label=(button) { (button) }
            span.muted { (hint) }
        }
    }
}

/// A choice by which a list is narrowed.
pub struct Filter<'a> {
    /// The parameter of the address.
    pub name: &'a str,
    /// What the field says.
    pub label: &'a str,
    /// The values with their labels; the first is "all" and has the empty value.
    pub values: &'a [(&'a str, &'a str)],
    /// The value that is chosen.
    pub chosen: &'a str,
}

/// Renders the form that narrows a list. It is sent while the reader types where scripts run.
pub fn search(label: &str, text: &str, filters: &[Filter<'_>]) -> Markup {
    let narrows = !text.is_empty()
        || filters.iter().any(|one| one.values.first().is_some_and(|(all, _)| *all != one.chosen));
    html! {
        form.search method="get" role="search" data-searches {
            div.field {
                label for="search" { (label) }
                input id="search" type="search" name="search" value=(text) maxlength="255"
                    autocomplete="off";
            }
            @for filter in filters {
                div.field.narrow {
                    label for={ "filter-" (filter.name) } { (filter.label) }
                    select id={ "filter-" (filter.name) } name=(filter.name) {
                        @for (value, label) in filter.values {
                            option value=(value) selected[*value == filter.chosen] { (label) }
                        }
                    }
                }
            }
            button { "Search" }
            @if narrows { a.button href="?" { "Clear filters" } }
        }
    }
}
