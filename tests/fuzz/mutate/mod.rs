//! Makes another input out of one.

pub mod json;
pub mod random;
pub mod text;
pub mod xml;
