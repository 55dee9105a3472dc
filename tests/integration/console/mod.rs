//! The web console, page by page.

mod people;
