//! Formats a filter in its canonical form, which parses to the same tree.

use std::fmt;

use super::Filter;

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(filters) => joined(f, filters, " and "),
            Self::Or(filters) => joined(f, filters, " or "),
            Self::Not(filter) => match filter.as_ref() {
                Self::Present(attribute) => write!(f, "{attribute} eq null"),
                filter => write!(f, "not ({filter})"),
            },
            Self::Present(attribute) => write!(f, "{attribute} pr"),
            Self::Compare { attribute, operator, value } => {
                write!(f, "{attribute} {} {value}", operator.as_str())
            }
            Self::ValuePath { attribute, filter } => write!(f, "{attribute}[{filter}]"),
        }
    }
}

fn joined(f: &mut fmt::Formatter<'_>, filters: &[Filter], separator: &str) -> fmt::Result {
    for (index, filter) in filters.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        // `and` binds tighter than `or`, so only an `or` inside an `and` needs parentheses.
        if matches!(filter, Filter::Or(_)) {
            write!(f, "({filter})")?;
        } else {
            write!(f, "{filter}")?;
        }
    }
    Ok(())
}
