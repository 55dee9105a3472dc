//! Inviting to a team: the blocks on its page, and the pages behind them.

use actix_web::web::{Path, ServiceConfig};
use maud::{Markup, html};

use super::PATH;
use crate::administration::invitations::{self, RoleIn, Target};
use crate::administration::listing::Position;
use crate::administration::{team_members, teams};
use crate::enterprise::PlaceRole;
use crate::enterprise::invitation::InvitationState;
use crate::http::admin::invitation_delivery::WantedInvitations;
use crate::http::admin::list::Paged;
use crate::http::admin::permits::{
    ManageMembers, ManageTeams, Permits, ReadAccount, Reading, Smaller,
};
use crate::http::base::problem::Problem;
use crate::http::console::frame::Frame;
use crate::http::console::inviting::{self, INVITATIONS, Line, Place};
use crate::http::console::notice::Notice;
use crate::http::console::routing::{form, sent, shown};
use crate::http::console::sent::Sent;
use crate::http::console::visit::{Answer, Visit};
use crate::http::console::wanted::Wanted;
use crate::views::invitations::ListedInvitation;
use crate::views::list::List;
use crate::views::teams::Team;

/// Registers the pages.
pub fn routes(config: &mut ServiceConfig) {
    let path = "/enterprise/team/{id}";
    let one = format!("{path}/invitations/{{invitation_id}}");
    config
        .service(form(&format!("{path}/invite"), ask, invite))
        .service(sent(&format!("{path}/add"), add))
        .service(shown(&format!("{path}/invitations"), list))
        .service(sent(&format!("{one}/role"), change))
        .service(sent(&format!("{one}/resend"), resend))
        .service(form(&format!("{one}/revoke"), ask_to_revoke, revoke));
}

/// A team as what people are invited to.
struct Invitable {
    team: Team,
    path: String,
}

impl Invitable {
    fn new(team: Team) -> Self {
        Self { path: path_of(&team), team }
    }

    async fn read<P>(visit: &Visit<P>, id: &str) -> Result<Self, Problem> {
        let id = id.to_owned();
        let read = visit.admin.read(move |conn, account| teams::get(conn, account, &id));
        Ok(Self::new(read.await?.into()))
    }

    fn place<'a>(&'a self, frame: &'a Frame) -> Place<'a> {
        place_of(frame, &self.path, &self.team)
    }

    fn above(&self) -> [(&str, &str); 2] {
        [(super::TITLE, PATH), (&self.team.name, &self.path)]
    }
}

fn path_of(team: &Team) -> String {
    format!("{PATH}/{}", team.id)
}

fn place_of<'a>(frame: &'a Frame, path: &'a str, team: &'a Team) -> Place<'a> {
    let Team { id, name, role, .. } = team;
    Place { frame, path, id, name, team_role: Some(*role) }
}

/// Renders the blocks of a team's page: inviting, and the pending invitations.
///
/// # Errors
/// Fails if the database does.
pub async fn blocks(visit: &Visit<ReadAccount>, team: &Team) -> Result<Markup, Problem> {
    let pending = first(visit, &team.id).await?;
    let path = path_of(team);
    let place = place_of(&visit.frame, &path, team);
    Ok(html! {
        @if visit.frame.is_active() {
            section.card {
                h2 { "Invite new members" }
                (inviting::form(&place, &place.nothing(), false))
            }
        }
        (inviting::latest(&place, &pending))
    })
}

async fn first(visit: &Visit<ReadAccount>, team: &str) -> Result<List<ListedInvitation>, Problem> {
    let now = visit.admin.now();
    let filter = invitations::Filter {
        state: Some(InvitationState::Pending),
        team: Some(team.to_owned()),
        ..invitations::Filter::default()
    };
    let found = visit
        .admin
        .read_page(move |conn, account| {
            let at = (&Position::default(), inviting::FEW);
            invitations::list(conn, account, now, &filter, at)
        })
        .await?;
    let next_cursor = found.next.map(|_| String::new());
    let items = found.items.into_iter().map(|one| ListedInvitation::at(one, now)).collect();
    Ok(List { items, next_cursor })
}

/// `GET /app/enterprise/team/{id}/invite`.
async fn ask(visit: Visit<Reading<ManageMembers>>, id: Path<String>) -> Answer {
    let team = Invitable::read(&visit, &id).await?;
    let place = team.place(&visit.frame);
    let content = inviting::asking(&place, &place.nothing());
    Ok(visit.show("Invite", &team.above(), &content))
}

/// `POST /app/enterprise/team/{id}/invite`.
async fn invite(visit: Visit<ManageMembers>, id: Path<String>, sent: Sent) -> Answer {
    let team = Invitable::read(&visit, &id).await?;
    let (emails, url) = (sent.several("emails"), visit.admin.service.public_url.clone());
    let made = async {
        let target = Target::Team(team.team.id.clone(), sent.word("role")?);
        visit
            .create(&sent, move |transaction, account| {
                let all = invitations::create_many(transaction, account, &url, &emails, &target)?;
                Ok(inviting::invited(all))
            })
            .await
    }
    .await;
    match made {
        Ok(lines) => answer(visit, &team, &sent, (&lines, Notice::Invited)).await,
        Err(problem) => {
            let place = team.place(&visit.frame);
            let content = inviting::asking(&place, &sent.refused(&problem));
            Ok(visit.show_again(&problem, "Invite", &team.above(), &content))
        }
    }
}

/// Goes back if there is nothing to tell of single addresses; else tells it.
async fn answer<P: Permits>(
    visit: Visit<P>,
    team: &Invitable,
    sent: &Sent,
    (lines, notice): (&[Line], Notice),
) -> Answer {
    let rest = sent.several("rest");
    if rest.is_empty() && lines.iter().all(Line::is_plain) {
        return Ok(visit.go(&team.path, notice));
    }
    let visit = visit.renewed().await?;
    let place = team.place(&visit.frame);
    let content = inviting::answered(&place, sent.text("role"), lines, &rest);
    Ok(visit.show("Invite", &team.above(), &content))
}

/// `POST /app/enterprise/team/{id}/add`: members who were to be invited.
async fn add(visit: Visit<ManageTeams>, id: Path<String>, sent: Sent) -> Answer {
    let team = Invitable::read(&visit, &id).await?;
    let (emails, role) = (sent.all("email"), sent.word::<PlaceRole>("role")?);
    let lines = visit
        .admin
        .write(move |transaction, account| {
            inviting::each(&emails, |email| {
                team_members::add(transaction, account, &id, email, role)
            })
        })
        .await?;
    answer(visit, &team, &sent, (&lines, Notice::MembersAdded)).await
}

/// `GET /app/enterprise/team/{id}/invitations`.
async fn list(
    visit: Visit<ReadAccount>,
    wanted: Wanted<WantedInvitations>,
    paging: Paged,
    id: Path<String>,
) -> Answer {
    let team = Invitable::read(&visit, &id).await?;
    let (mut filter, now) = (wanted.query.clone().read()?, visit.admin.now());
    let state = filter.state.unwrap_or(InvitationState::Pending);
    (filter.state, filter.team) = (Some(state), Some(team.team.id.clone()));
    let (from, limit) = paging.place(filter.search.as_ref())?;
    let found = visit
        .admin
        .read_page(move |conn, account| {
            invitations::list(conn, account, now, &filter, (&from, limit))
        })
        .await?;
    let page = paging.listing(found, |one| ListedInvitation::at(one, now));
    let next = wanted.next(&visit.at(&format!("{}{INVITATIONS}", team.path)), page.next_cursor);
    let place = team.place(&visit.frame);
    let shown = (state, wanted.text("search"));
    let content = inviting::listed(&place, shown, &page.items, next);
    Ok(visit.show("Invitations", &team.above(), &content))
}

/// `POST …/invitations/{invitation_id}/role`.
async fn change(visit: Visit<ManageMembers>, path: Path<(String, String)>, sent: Sent) -> Answer {
    let (id, invitation) = path.into_inner();
    let team = Invitable::read(&visit, &id).await?;
    let role = sent.word::<PlaceRole>("role")?;
    visit
        .admin
        .write(move |transaction, account| {
            let place = RoleIn::Team(id.clone());
            invitations::set_role(transaction, account, &invitation, &place, role)
        })
        .await?;
    Ok(visit.go(&team.path, Notice::InvitationChanged))
}

/// `POST …/invitations/{invitation_id}/resend`.
async fn resend(visit: Visit<ManageMembers>, path: Path<(String, String)>) -> Answer {
    let (id, invitation) = path.into_inner();
    let team = Invitable::read(&visit, &id).await?;
    let url = visit.admin.service.public_url.clone();
    visit
        .admin
        .write(move |transaction, account| {
            invitations::resend(transaction, account, &url, &invitation)
        })
        .await?;
    Ok(visit.go(&team.path, Notice::InvitationResent))
}

/// `GET …/invitations/{invitation_id}/revoke`.
async fn ask_to_revoke(
    visit: Visit<Reading<ManageMembers>>,
    path: Path<(String, String)>,
) -> Answer {
    let (id, invitation) = path.into_inner();
    let team = Invitable::read(&visit, &id).await?;
    let content = inviting::revoking(&team.place(&visit.frame), &invitation);
    Ok(visit.show("Revoke", &team.above(), &content))
}

/// `POST …/invitations/{invitation_id}/revoke`.
async fn revoke(visit: Visit<Smaller<ManageMembers>>, path: Path<(String, String)>) -> Answer {
    let (id, invitation) = path.into_inner();
    let team = Invitable::read(&visit, &id).await?;
    visit
        .admin
        .write(move |transaction, account| invitations::revoke(transaction, account, &invitation))
        .await?;
    Ok(visit.go(&team.path, Notice::InvitationRevoked))
}
