//! The web console, as people see it: pages, forms, refusals at their fields.

mod plan;
