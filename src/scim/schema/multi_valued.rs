//! Sub-attributes that the multi-valued attributes share (RFC 7643 §2.4).

use super::{Attribute, Kind};

/// The significant value of what an application understands alone: roles and entitlements. Entra
/// writes them as texts of JSON, and reads them to find what it wrote.
pub(super) const VALUE: Attribute = Attribute::string("value", "The value itself.").or_json();

/// A name to show for the value.
pub(super) const DISPLAY: Attribute = Attribute::string("display", "A name to show for the value.");

/// Whether this value is the preferred one.
pub(super) const PRIMARY: Attribute = Attribute::new(
    "primary",
    Kind::Boolean,
    "Whether this is the preferred value; at most one value of the attribute is.",
);
