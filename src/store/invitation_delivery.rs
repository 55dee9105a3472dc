//! The delivery of invitation mails. It is stored with the invitation, so that it is known for as
//! long as the invitation exists.

use diesel::prelude::*;
use serde_json::json;

use super::connection::{Conn, on};
use super::error::StoreResult;
use super::invitations::InvitationRow;
use super::tables::invitations;
use super::{Transaction, audit, outbox};
use crate::enterprise::audit::{Change, Origin};
use crate::enterprise::delivery::{Delivery, DeliveryState};
use crate::enterprise::invitation::InvitationState;
use crate::enterprise::letter::Letter;
use crate::enterprise::{InvitationPk, MailPk, Timestamp};

/// The delivery of an invitation's latest mail, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = invitations)]
#[allow(missing_docs)] // the columns are documented in the migrations
pub struct DeliveryRow {
    pub mail_state: Option<DeliveryState>,
    pub mail_at: Option<Timestamp>,
    pub mail_attempts: i64,
    pub mail_detail: Option<String>,
}

impl DeliveryRow {
    /// Converts the columns to a [`Delivery`], or `None` if nothing is known of the mail.
    pub fn read(&self) -> Option<Delivery> {
        Some(Delivery {
            state: self.mail_state?,
            at: self.mail_at?,
            attempts: self.mail_attempts,
            detail: self.mail_detail.clone(),
        })
    }
}

/// Adds a letter to the invited person to the outbox. From now on the invitation shows the delivery
/// of this letter.
pub fn post(
    conn: &mut Conn,
    invitation: &InvitationRow,
    letter: &Letter,
    now: Timestamp,
) -> StoreResult<InvitationRow> {
    let mail = outbox::insert_of_invitation(conn, invitation, letter, now)?;
    Ok(on!(conn, connection => diesel::update(invitations::table)
        .filter(invitations::pk.eq(invitation.pk))
        .set((
            invitations::mail_pk.eq(mail),
            invitations::mail_state.eq(DeliveryState::Waiting),
            invitations::mail_at.eq(now),
            invitations::mail_attempts.eq(0_i64),
            invitations::mail_detail.eq(None::<String>),
        ))
        .returning(InvitationRow::as_returning())
        .get_result(connection))?)
}

/// Withdraws mails of an invitation that were not sent yet, because their links no longer work.
pub fn withdraw(conn: &mut Conn, invitation: InvitationPk) -> StoreResult<()> {
    let withdrawn = outbox::withdraw(conn, invitation)?;
    if withdrawn.is_empty() {
        return Ok(());
    }
    on!(conn, connection => diesel::update(invitations::table)
        .filter(invitations::pk.eq(invitation))
        .filter(invitations::mail_pk.eq_any(&withdrawn))
        .set((
            invitations::mail_pk.eq(None::<MailPk>),
            invitations::mail_state.eq(None::<DeliveryState>),
            invitations::mail_at.eq(None::<Timestamp>),
            invitations::mail_attempts.eq(0_i64),
            invitations::mail_detail.eq(None::<String>),
        ))
        .execute(connection))?;
    Ok(())
}

/// Records the delivery of this mail with the invitation, unless there is a newer mail. Has to run
/// in the transaction that settles the mail. A failed delivery is recorded in the audit log.
pub fn note(
    transaction: &mut Transaction<'_>,
    invitation: InvitationPk,
    mail: MailPk,
    delivery: &Delivery,
) -> StoreResult<()> {
    let since = (delivery.state != DeliveryState::Waiting).then_some(delivery.at);
    let noted: Option<InvitationRow> = on!(&mut **transaction, connection =>
        diesel::update(invitations::table)
            .filter(invitations::pk.eq(invitation))
            .filter(invitations::mail_pk.eq(mail))
            .set((
                invitations::mail_state.eq(delivery.state),
                since.map(|at| invitations::mail_at.eq(at)),
                invitations::mail_attempts.eq(delivery.attempts),
                invitations::mail_detail.eq(&delivery.detail),
            ))
            .returning(InvitationRow::as_returning())
            .get_result(connection)
            .optional())?;
    let action = match delivery.state {
        DeliveryState::Refused => "invitation.mail-refused",
        DeliveryState::GivenUp => "invitation.mail-given-up",
        DeliveryState::Waiting | DeliveryState::Sent => return Ok(()),
    };
    let Some(row) = noted.filter(|row| row.state == InvitationState::Pending) else {
        return Ok(());
    };
    let change = Change::changed(
        action,
        row.target(),
        json!({"delivery": DeliveryState::Waiting}),
        json!({"delivery": delivery.state, "detail": delivery.detail}),
    );
    audit::record_of(transaction, row.enterprise_pk, &Origin::system(), &change)
}
