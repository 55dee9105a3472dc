//! Sub-attributes that multi-valued attributes share (RFC 7643 §2.4).

use super::{Attribute, Kind};

/// The `value` of roles and entitlements, which only applications interpret. Entra writes JSON in
/// it and expects to read it back unchanged.
pub(super) const VALUE: Attribute = Attribute::string("value", "The value itself.").or_json();

/// The sub-attribute `display`.
pub(super) const DISPLAY: Attribute = Attribute::string("display", "A name to show for the value.");

/// The sub-attribute `primary`.
pub(super) const PRIMARY: Attribute = Attribute::new(
    "primary",
    Kind::Boolean,
    "Whether this is the preferred value; at most one value of the attribute is.",
);
