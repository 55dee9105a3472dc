//! The resource types that this product serves: the protocol's User and Group with Insomnia's own
//! extensions.
//!
//! Roles, licences and links are the administrators' to decide: the identity provider may read
//! them, on request, and not write them. On request only, because they are not the identity
//! provider's data: what it gets by default is what it wrote.

use crate::scim::schema::{Attribute, Kind, ResourceType, Returned, Schema};
use crate::scim::schema::{ENTERPRISE_USER, GROUP as CORE_GROUP, USER as CORE_USER};

/// URN of the extension on User.
pub const USER_EXTENSION: &str = "urn:insomnia:params:scim:schemas:extension:account:2.0:User";
/// URN of the extension on Group.
pub const GROUP_EXTENSION: &str = "urn:insomnia:params:scim:schemas:extension:team:2.0:Group";

/// What Insomnia adds to a User.
static INSOMNIA_USER: Schema = Schema {
    id: USER_EXTENSION,
    name: "InsomniaUser",
    description: "The member that a User is in the Insomnia account",
    attributes: &[
        Attribute::string("note", "A text that administrators see beside the member"),
        Attribute::string("accountRole", "The member's role in the account")
            .canonical(&["owner", "co-owner", "member", "billing-only"])
            .read_only()
            .returned(Returned::Request),
        Attribute::string("licence", "Whether the member holds a licence seat")
            .canonical(&["held", "none"])
            .read_only()
            .returned(Returned::Request),
        Attribute::string("source", "Who put the member into the account")
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
            "The organizations that the member reaches, directly or through teams",
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

/// What Insomnia adds to a Group.
static INSOMNIA_GROUP: Schema = Schema {
    id: GROUP_EXTENSION,
    name: "InsomniaGroup",
    description: "The team that a Group is in the Insomnia account",
    attributes: &[
        Attribute::string("description", "The team's description"),
        Attribute::string("teamRole", "The role that the team gives in its linked organizations")
            .canonical(&["admin", "member"])
            .read_only()
            .returned(Returned::Request),
        Attribute::string("source", "Who made the team, and who keeps it")
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

/// Members of the account.
pub static USER: ResourceType = ResourceType {
    name: "User",
    endpoint: "/Users",
    description: "User Account",
    schema: &CORE_USER,
    extensions: &[&ENTERPRISE_USER, &INSOMNIA_USER],
};

/// Teams of the account.
pub static GROUP: ResourceType = ResourceType {
    name: "Group",
    endpoint: "/Groups",
    description: "Group",
    schema: &CORE_GROUP,
    extensions: &[&INSOMNIA_GROUP],
};

/// Both, in the order in which a query across types returns them.
pub const fn all() -> [&'static ResourceType; 2] {
    [&USER, &GROUP]
}
