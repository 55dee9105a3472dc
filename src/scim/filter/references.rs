//! The attributes that a filter reads.

use super::Filter;
use crate::path::AttributeRef;

/// An iterator over the attributes that a filter reads; see [`Filter::references`].
#[derive(Debug)]
pub struct References<'a> {
    pending: Vec<&'a Filter>,
}

impl Filter {
    /// Returns the attributes of the resource that the filter reads, from left to right, possibly
    /// more than once. A value path counts as its outer attribute.
    pub fn references(&self) -> References<'_> {
        References { pending: vec![self] }
    }
}

impl<'a> Iterator for References<'a> {
    type Item = &'a AttributeRef;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.pending.pop()? {
                Filter::And(filters) | Filter::Or(filters) => {
                    self.pending.extend(filters.iter().rev());
                }
                Filter::Not(filter) => self.pending.push(filter),
                Filter::Present(attribute)
                | Filter::Compare { attribute, .. }
                | Filter::ValuePath { attribute, .. } => return Some(attribute),
            }
        }
    }
}
