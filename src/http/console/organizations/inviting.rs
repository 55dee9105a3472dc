//! Inviting to an organization, and the invitations to it.

use actix_web::web::{Path, ServiceConfig};

use super::collaborators::place_of;
use super::place::{self, Organization, Shown};
use crate::administration::collaborators;
use crate::administration::invitations::{self, Target};
use crate::enterprise::TeamRole;
use crate::enterprise::invitation::InvitationState;
use crate::http::admin::invitation_delivery::WantedOrganizationInvitations;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{
    ManageOrganization, Permits, ReadOrganization, Reading, Smaller,
};
use crate::http::console::inviting::{self, INVITATIONS, Line};
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, sent, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::views::invitations::ListedInvitation;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    let path = "/dashboard/organizations/{id}";
    let one = format!("{path}/invitations/{{invitation_id}}");
    config
        .service(form(&format!("{path}/invite"), ask, invite))
        .service(sent(&format!("{path}/add"), add))
        .service(shown(&format!("{path}/invitations"), list))
        .service(sent(&format!("{one}/role"), change))
        .service(sent(&format!("{one}/resend"), resend))
        .service(form(&format!("{one}/revoke"), ask_to_revoke, revoke));
}

/// `GET …/invite`.
async fn ask(visit: Visit<Reading<ManageOrganization>>, id: Path<String>) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let place = place_of(&visit.frame, &organization);
    let content = inviting::asking(&place, &place.nothing());
    Ok(visit.show("Invite", &organization.above(), &content))
}

/// `POST …/invite`.
async fn invite(visit: Visit<ManageOrganization>, id: Path<String>, sent: Sent) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let (emails, url) = (sent.several("emails"), visit.admin.service.public_url.clone());
    let made = async {
        let target = Target::Organization(organization.id.clone(), sent.word("role")?);
        visit
            .create(&sent, move |transaction, account| {
                let all = invitations::create_many(transaction, account, &url, &emails, &target)?;
                Ok(inviting::invited(all))
            })
            .await
    }
    .await;
    match made {
        Ok(lines) => answer(visit, &organization, &sent, (&lines, Notice::Invited)).await,
        Err(problem) => {
            let place = place_of(&visit.frame, &organization);
            let content = inviting::asking(&place, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Invite", &organization.above(), &content))
        }
    }
}

/// Goes back if there is nothing to tell of single addresses; else tells it.
async fn answer<P: Permits>(
    visit: Visit<P>,
    organization: &Organization,
    sent: &Sent,
    (lines, notice): (&[Line], Notice),
) -> Answer {
    let rest = sent.several("rest");
    if rest.is_empty() && lines.iter().all(Line::is_plain) {
        return Ok(visit.go(&organization.tab(Shown::Collaborators), notice));
    }
    let visit = visit.renewed().await?;
    let place = place_of(&visit.frame, organization);
    let content = inviting::answered(&place, sent.text("role"), lines, &rest);
    Ok(visit.show("Invite", &organization.above(), &content))
}

/// `POST …/add`: members who were to be invited.
async fn add(visit: Visit<ManageOrganization>, id: Path<String>, sent: Sent) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let (emails, role) = (sent.all("email"), sent.word::<TeamRole>("role")?);
    let lines = visit
        .admin
        .write(move |transaction, account| {
            inviting::each(&emails, |email| {
                collaborators::add(transaction, account, &id, email, role)
            })
        })
        .await?;
    answer(visit, &organization, &sent, (&lines, Notice::CollaboratorsAdded)).await
}

/// `GET …/invitations`.
async fn list(
    visit: Visit<ReadOrganization>,
    wanted: Wanted<WantedOrganizationInvitations>,
    paging: Paged,
    id: Path<String>,
) -> Answer {
    let organization = place::read(&visit, &id).await?;
    let (mut filter, now) = (wanted.query.clone().read()?, visit.admin.now());
    let state = filter.state.unwrap_or(InvitationState::Pending);
    filter.state = Some(state);
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let found = visit
        .admin
        .read_page(move |conn, account| {
            let wanted = (&filter, (&from, limit));
            invitations::list_of_organization(conn, account, &id, now, wanted)
        })
        .await?;
    let page = paging.listing(found, |one| ListedInvitation::at(one, now));
    let next = wanted.next(&visit.at(&organization.at(INVITATIONS)), page.next_cursor);
    let place = place_of(&visit.frame, &organization);
    let shown = (state, wanted.text("search"));
    let content = inviting::listed(&place, shown, &page.items, next);
    Ok(visit.show("Invitations", &organization.above(), &content))
}

/// `POST …/invitations/{invitation_id}/role`.
async fn change(
    visit: Visit<ManageOrganization>,
    path: Path<(String, String)>,
    sent: Sent,
) -> Answer {
    let (id, invitation) = path.into_inner();
    let organization = place::read(&visit, &id).await?;
    let role = sent.word::<TeamRole>("role")?.into();
    visit
        .admin
        .write(move |transaction, account| {
            invitations::set_role_in_organization(transaction, account, &id, &invitation, role)
        })
        .await?;
    Ok(visit.go(&organization.tab(Shown::Collaborators), Notice::InvitationChanged))
}

/// `POST …/invitations/{invitation_id}/resend`.
async fn resend(visit: Visit<ManageOrganization>, path: Path<(String, String)>) -> Answer {
    let (id, invitation) = path.into_inner();
    let organization = place::read(&visit, &id).await?;
    let url = visit.admin.service.public_url.clone();
    visit
        .admin
        .write(move |transaction, account| {
            invitations::resend_in_organization(transaction, account, &url, &id, &invitation)
        })
        .await?;
    Ok(visit.go(&organization.tab(Shown::Collaborators), Notice::InvitationResent))
}

/// `GET …/invitations/{invitation_id}/revoke`.
async fn ask_to_revoke(
    visit: Visit<Reading<ManageOrganization>>,
    path: Path<(String, String)>,
) -> Answer {
    let (id, invitation) = path.into_inner();
    let organization = place::read(&visit, &id).await?;
    let place = place_of(&visit.frame, &organization);
    let content = inviting::revoking(&place, &invitation);
    Ok(visit.show("Revoke", &organization.above(), &content))
}

/// `POST …/invitations/{invitation_id}/revoke`.
async fn revoke(visit: Visit<Smaller<ManageOrganization>>, path: Path<(String, String)>) -> Answer {
    let (id, invitation) = path.into_inner();
    let organization = place::read(&visit, &id).await?;
    visit
        .admin
        .write(move |transaction, account| {
            invitations::revoke_in_organization(transaction, account, &id, &invitation)
        })
        .await?;
    Ok(visit.go(&organization.tab(Shown::Collaborators), Notice::InvitationRevoked))
}
