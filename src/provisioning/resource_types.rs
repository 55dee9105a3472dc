//! The resource types of this product: the protocol's User and Group with Insomnia's extensions.
//!
//! Administrators decide about roles, licences and links; the identity provider can only read them.
//! They are returned on request only, because they are not the identity provider's data: by default
//! it gets back what it wrote.

use crate::scim::schema::{Attribute, Kind, ResourceType, Returned, Schema};
use crate::scim::schema::{ENTERPRISE_USER, GROUP as CORE_GROUP, USER as CORE_USER};

/// The URN of Insomnia's extension of User.
pub const USER_EXTENSION: &str = "urn:insomnia:params:scim:schemas:extension:account:2.0:User";
/// The URN of Insomnia's extension of Group.
pub const GROUP_EXTENSION: &str = "urn:insomnia:params:scim:schemas:extension:team:2.0:Group";

/// Insomnia's extension of User.
static INSOMNIA_USER: Schema = Schema {
    id: USER_EXTENSION,
    name: "InsomniaUser",
    description: "The member of the Insomnia account that the User represents",
    attributes: &[
        Attribute::string("note", "A note that administrators see next to the member"),
        Attribute::string("accountRole", "The member's role in the account")
            .canonical(&["owner", "co-owner", "member", "billing-only"])
            .read_only()
            .returned(Returned::Request),
        Attribute::string("licence", "Whether the member holds a licence seat")
            .canonical(&["held", "none"])
            .read_only()
            .returned(Returned::Request),
        Attribute::string("source", "Who added the member to the account")
            .canonical(&["manual", "scim"])
            .read_only()
            .returned(Returned::Request),
        Attribute::new(
            "canSignIn",
            Kind::Boolean,
            "Whether the member has an address to sign in with",
        )
        .read_only()
        .returned(Returned::Request),
        Attribute::complex(
            "organizations",
            "The organizations that the member can access, directly or through teams",
            &[
                Attribute::string("value", "The organization's id").case_exact().read_only(),
                Attribute::string("display", "The organization's name").read_only(),
                Attribute::string("role", "The member's role in the organization")
                    .canonical(&["owner", "admin", "member"])
                    .read_only(),
            ],
        )
        .multi_valued()
        .read_only()
        .returned(Returned::Request),
    ],
};

/// Insomnia's extension of Group.
static INSOMNIA_GROUP: Schema = Schema {
    id: GROUP_EXTENSION,
    name: "InsomniaGroup",
    description: "The team of the Insomnia account that the Group represents",
    attributes: &[
        Attribute::string("description", "The team's description"),
        Attribute::string("teamRole", "The role that the team gives in its linked organizations")
            .canonical(&["admin", "member"])
            .read_only()
            .returned(Returned::Request),
        Attribute::string("source", "Who created the team and who manages it")
            .canonical(&["manual", "scim", "synchronised"])
            .read_only()
            .returned(Returned::Request),
        Attribute::complex(
            "organizations",
            "The organizations that the team is linked to",
            &[
                Attribute::string("value", "The organization's id").case_exact().read_only(),
                Attribute::string("display", "The organization's name").read_only(),
            ],
        )
        .multi_valued()
        .read_only()
        .returned(Returned::Request),
    ],
};

/// Users, stored as members of the account.
pub static USER: ResourceType = ResourceType {
    name: "User",
    endpoint: "/Users",
    description: "User Account",
    schema: &CORE_USER,
    extensions: &[&ENTERPRISE_USER, &INSOMNIA_USER],
};

/// Groups, stored as teams of the account.
pub static GROUP: ResourceType = ResourceType {
    name: "Group",
    endpoint: "/Groups",
    description: "Group",
    schema: &CORE_GROUP,
    extensions: &[&INSOMNIA_GROUP],
};

/// Returns the resource types, in the order in which a query across types returns them.
pub const fn all() -> [&'static ResourceType; 2] {
    [&USER, &GROUP]
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::enterprise::masking;

    /// A new attribute of ours has to be told to the masking, or the request log hides its name.
    #[test]
    fn the_request_log_knows_the_names_of_our_own_attributes() {
        for schema in [&INSOMNIA_USER, &INSOMNIA_GROUP] {
            let values: Map<String, Value> =
                schema.attributes.iter().map(|one| (one.name.to_owned(), json!("x"))).collect();
            let body = json!({(schema.id): values}).to_string();
            let masked = masking::body(body.as_bytes());
            for attribute in schema.attributes {
                assert!(masked.contains(&format!("\"{}\"", attribute.name)), "{masked}");
            }
        }
    }
}
