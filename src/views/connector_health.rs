//! The health of provisioning.

use schemars::JsonSchema;
use serde::Serialize;

use super::audit::AuditEntry;
use super::connector::Connector;
use crate::administration::connector::{Health, HourOfRequests, RequestsOfProvider};
use crate::enterprise::Timestamp;

/// The health of provisioning.
#[derive(Debug, JsonSchema, Serialize)]
pub struct ConnectorHealth {
    /// The connector, its tokens, and what provisioning could not do.
    pub connector: Connector,
    /// The number of all members.
    pub member_count: i64,
    /// The number of members who are active, and so take a seat.
    pub active_member_count: i64,
    /// The number of all teams.
    pub team_count: i64,
    /// The last 48 hours, the oldest first.
    pub hours: Vec<HourOfRequests>,
    /// The identity providers of the last 48 hours, the one that asked last first.
    pub providers: Vec<RequestsOfProvider>,
    /// Whether only the newest 20,000 requests were counted.
    pub is_cut: bool,
    /// What identity providers did last to users, the newest first.
    pub changes: Vec<AuditEntry>,
    /// Until when the SAML connections in use have a valid certificate, the one that ends first at the
    /// top.
    pub sso_certificates: Vec<CertificateEnd>,
}

/// Until when a SAML connection has a valid certificate.
#[derive(Debug, JsonSchema, Serialize)]
pub struct CertificateEnd {
    /// The domain whose users sign in by the connection.
    pub domain: String,
    /// The id of the connection, for the paths below `/sso-connections`.
    pub connection_id: String,
    /// When the last of its certificates expires; in the past if all have.
    pub expires_at: Timestamp,
}

impl ConnectorHealth {
    /// Makes the answer of a server with this public URL.
    pub fn of(public_url: &str, health: Health) -> Self {
        let (member_count, active_member_count, team_count) = health.counts;
        Self {
            connector: Connector::of(public_url, health.page),
            member_count,
            active_member_count,
            team_count,
            hours: health.hours,
            providers: health.providers,
            is_cut: health.is_cut,
            changes: health.changes.into_iter().map(AuditEntry::from).collect(),
            sso_certificates: health
                .certificates
                .into_iter()
                .map(|one| CertificateEnd {
                    domain: one.domain,
                    connection_id: one.connection,
                    expires_at: one.at,
                })
                .collect(),
        }
    }
}
