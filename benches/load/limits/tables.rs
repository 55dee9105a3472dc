//! The tables that creating a user writes to, and their rows.

use diesel::prelude::*;

diesel::table! {
    enterprises (pk) { pk -> BigInt, id -> Text, }
}
diesel::table! {
    members (pk) {
        pk -> BigInt, id -> Text, enterprise_pk -> BigInt, email -> Nullable<Text>,
        role -> Text, source -> Text, active -> Bool, seat_since -> Nullable<BigInt>,
        user_name -> Text, user_name_key -> Text, external_id -> Nullable<Text>,
        display_name -> Nullable<Text>, display_name_key -> Nullable<Text>,
        document -> Text, version -> BigInt, created_at -> BigInt, modified_at -> BigInt,
    }
}
diesel::table! {
    member_emails (email_key, enterprise_pk, member_pk) {
        enterprise_pk -> BigInt, email_key -> Text, member_pk -> BigInt, is_email -> Bool,
    }
}
diesel::table! {
    audit_log (pk) {
        pk -> BigInt, enterprise_pk -> BigInt, at -> BigInt, actor_kind -> Text, actor_id -> Text,
        actor_name -> Text, action -> Text, target_kind -> Text, target_id -> Text,
        target_name -> Text, before -> Text, after -> Text, request_id -> Nullable<Text>,
    }
}
diesel::table! {
    scim_requests (pk) {
        pk -> BigInt, id -> Text, enterprise_pk -> BigInt, at -> BigInt, idp -> Text,
        method -> Text, path -> Text, query -> Text, status -> BigInt, duration_us -> BigInt,
        resource_id -> Nullable<Text>, request_id -> Nullable<Text>, user_agent -> Text,
        request_bytes -> BigInt, response_bytes -> BigInt, request_body -> Nullable<Text>,
        response_body -> Nullable<Text>,
    }
}

/// A member.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = members)]
pub struct Member {
    pub id: String,
    pub enterprise_pk: i64,
    pub email: Option<String>,
    pub role: String,
    pub source: String,
    pub active: bool,
    pub seat_since: Option<i64>,
    pub user_name: String,
    pub user_name_key: String,
    pub external_id: Option<String>,
    pub display_name: Option<String>,
    pub display_name_key: Option<String>,
    pub document: String,
    pub version: i64,
    pub created_at: i64,
    pub modified_at: i64,
}

/// A line of the audit log.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_log)]
pub struct Change {
    pub enterprise_pk: i64,
    pub at: i64,
    pub actor_kind: String,
    pub actor_id: String,
    pub actor_name: String,
    pub action: String,
    pub target_kind: String,
    pub target_id: String,
    pub target_name: String,
    pub before: String,
    pub after: String,
    pub request_id: Option<String>,
}

/// A line of the request log.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = scim_requests)]
pub struct Logged {
    pub id: String,
    pub enterprise_pk: i64,
    pub at: i64,
    pub idp: String,
    pub method: String,
    pub path: String,
    pub query: String,
    pub status: i64,
    pub duration_us: i64,
    pub resource_id: Option<String>,
    pub request_id: Option<String>,
    pub user_agent: String,
    pub request_bytes: i64,
    pub response_bytes: i64,
    pub request_body: Option<String>,
    pub response_body: Option<String>,
}
