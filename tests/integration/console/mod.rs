//! The web console, as people see it.

mod organizations;
