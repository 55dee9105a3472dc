//! The User schema (RFC 7643 §4.1, §8.7.1) and its resource type.

use super::multi_valued::{DISPLAY, PRIMARY, VALUE};
use super::{Attribute, Comparison, Kind, Mutability, ResourceType, Returned, Schema};

/// The User resource type, served at `/Users`.
pub static USER_RESOURCE: ResourceType = ResourceType {
    name: "User",
    endpoint: "/Users",
    description: "User Account",
    schema: &USER,
    extensions: &[&super::enterprise_user::ENTERPRISE_USER],
};

/// The User schema.
pub static USER: Schema = Schema {
    id: "urn:ietf:params:scim:schemas:core:2.0:User",
    name: "User",
    description: "User Account",
    attributes: &[
        Attribute::string(
            "userName",
            "Name by which the identity provider signs the user in; usually an e-mail address. \
             Unique within the account, whatever the letter case.",
        )
        .compared_as(Comparison::UserName)
        .required()
        .unique(),
        Attribute::complex("name", "The parts of the user's name.", NAME),
        Attribute::string("displayName", "Name to show for the user.")
            .compared_as(Comparison::Name),
        Attribute::string("nickName", "Casual name by which the user likes to be called."),
        Attribute::new("profileUrl", Kind::Reference, "Address of a page about the user.")
            .refers_to(&["external"]),
        Attribute::string("title", "Job title, such as Vice President."),
        Attribute::string("userType", "Relation to the organization, such as Employee."),
        Attribute::string(
            "preferredLanguage",
            "Language the user reads best, written like the Accept-Language header of HTTP.",
        ),
        Attribute::string("locale", "Locale for currency, dates and numbers, such as en-US."),
        Attribute::string("timezone", "Time zone by its IANA name, such as Europe/Berlin."),
        Attribute::new("active", Kind::Boolean, "Whether the user may use the account."),
        Attribute::string("password", "Accepted for compatibility; never stored, never returned.")
            .mutability(Mutability::WriteOnly)
            .returned(Returned::Never),
        // Administrators of Okta enter `email` as the unique identifier field for users, and Okta
        // then looks users up by that name.
        Attribute::complex("emails", "E-mail addresses.", EMAILS)
            .multi_valued()
            .sought_as(&["email"]),
        Attribute::complex("phoneNumbers", "Telephone numbers.", PHONE_NUMBERS).multi_valued(),
        Attribute::complex("ims", "Instant messaging addresses.", IMS).multi_valued(),
        Attribute::complex("photos", "Addresses of pictures of the user.", PHOTOS).multi_valued(),
        Attribute::complex("addresses", "Postal addresses.", ADDRESSES).multi_valued(),
        Attribute::complex("groups", "Groups that the user belongs to.", GROUPS)
            .multi_valued()
            .read_only(),
        Attribute::complex("entitlements", "Things the user is entitled to.", ENTITLEMENTS)
            .multi_valued(),
        Attribute::complex("roles", "Roles the user holds.", ROLES).multi_valued(),
        Attribute::complex("x509Certificates", "Certificates of the user.", X509_CERTIFICATES)
            .multi_valued(),
    ],
};

const NAME: &[Attribute] = &[
    Attribute::string("formatted", "The whole name, ready to show."),
    Attribute::string("familyName", "Family name, or last name."),
    Attribute::string("givenName", "Given name, or first name."),
    Attribute::string("middleName", "Middle names."),
    Attribute::string("honorificPrefix", "Title before the name, such as Dr."),
    Attribute::string("honorificSuffix", "What follows the name, such as III."),
];

const EMAILS: &[Attribute] = &[
    Attribute::string("value", "The e-mail address.").compared_as(Comparison::UserName),
    DISPLAY,
    Attribute::string("type", "What the address is for.").canonical(&["work", "home", "other"]),
    PRIMARY,
];

const PHONE_NUMBERS: &[Attribute] = &[
    Attribute::string("value", "The telephone number, kept as it was sent."),
    DISPLAY,
    Attribute::string("type", "What the number is for.")
        .canonical(&["work", "home", "mobile", "fax", "pager", "other"]),
    PRIMARY,
];

const IMS: &[Attribute] = &[
    Attribute::string("value", "The instant messaging address."),
    DISPLAY,
    Attribute::string("type", "The messaging service.")
        .canonical(&["aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"]),
    PRIMARY,
];

const PHOTOS: &[Attribute] = &[
    Attribute::new("value", Kind::Reference, "Address of the picture.").refers_to(&["external"]),
    DISPLAY,
    Attribute::string("type", "Size of the picture.").canonical(&["photo", "thumbnail"]),
    PRIMARY,
];

const ADDRESSES: &[Attribute] = &[
    Attribute::string("formatted", "The whole address, ready to print; may have several lines."),
    Attribute::string("streetAddress", "Street, house number, or post box."),
    Attribute::string("locality", "City or town."),
    Attribute::string("region", "State or region."),
    Attribute::string("postalCode", "Postal code."),
    Attribute::string("country", "Country as an ISO 3166-1 alpha-2 code, such as DE."),
    Attribute::string("type", "What the address is for.").canonical(&["work", "home", "other"]),
    PRIMARY,
];

const GROUPS: &[Attribute] = &[
    Attribute::string("value", "The group's id.").read_only(),
    Attribute::new("$ref", Kind::Reference, "Address of the group.")
        .read_only()
        .refers_to(&["Group"]),
    Attribute::string("display", "The group's display name.").read_only(),
    Attribute::string("type", "How the user comes to belong to the group.")
        .read_only()
        .canonical(&["direct", "indirect"]),
];

const ENTITLEMENTS: &[Attribute] =
    &[VALUE, DISPLAY, Attribute::string("type", "What kind of entitlement it is."), PRIMARY];

const ROLES: &[Attribute] =
    &[VALUE, DISPLAY, Attribute::string("type", "What kind of role it is."), PRIMARY];

const X509_CERTIFICATES: &[Attribute] = &[
    Attribute::new("value", Kind::Binary, "The certificate, DER encoded, in base64."),
    DISPLAY,
    Attribute::string("type", "What the certificate is for."),
    PRIMARY,
];
