//! The web console, as a browser without scripts sees it.

mod rules;
