//! Refusals of administrators: for the role, the scopes or the plan. A refusal for the role names
//! people who can, so that its reader knows whom to ask.

use actix_web::http::StatusCode;

use crate::administration::{AdministrationError, responsible};
use crate::enterprise::permissions::{Effect, Operation, may_while_inactive, needs_advanced_plan};
use crate::enterprise::{AccountPk, Role, Timestamp, plan};
use crate::http::base::problem::Problem;
use crate::http::base::state::Service;
use crate::store::Cost;
use crate::store::admin_tokens::AdminRow;
use crate::views::refusals::WhoCan;

/// Returns a 403 because the credentials do not allow it.
pub fn forbidden(detail: String) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "forbidden", detail)
}

/// Returns the refusal of an operation that the member's role does not allow.
pub async fn not_for(service: &Service, admin: &AdminRow, operation: Operation) -> Problem {
    let text = format!("Your role {} may not {}.", admin.role, operation.phrase());
    naming(service, admin.enterprise_pk, operation, forbidden(text)).await
}

/// Returns the refusal of a use case in this account.
pub async fn explained(
    service: &Service,
    account: AccountPk,
    error: AdministrationError,
) -> Problem {
    let needs = match &error {
        AdministrationError::Refused(refusal) => refusal.needs(),
        _ => None,
    };
    match needs {
        Some(operation) => naming(service, account, operation, error.into()).await,
        None => error.into(),
    }
}

/// Adds to a refusal the people of the account who can do it.
async fn naming(
    service: &Service,
    account: AccountPk,
    operation: Operation,
    refusal: Problem,
) -> Problem {
    let read = move |conn: &mut _| responsible::people(conn, account, operation);
    match service.store.read(Cost::Point, read).await {
        Ok(people) => {
            let text = responsible::whom_to_ask(operation, &people);
            refusal.who_can(&text, people.into_iter().map(WhoCan::from).collect())
        }
        Err(error) => error.into(),
    }
}

/// Checks that the account's plan allows the operation.
///
/// # Errors
/// Returns 403 if it has ended or does not include the operation.
pub async fn check_plan(
    service: &Service,
    admin: &AdminRow,
    (operation, effect): (Operation, Effect),
    now: Timestamp,
) -> Result<(), Problem> {
    if !plan::is_active(admin.plan_active, admin.plan_ends_at, now) {
        let role = admin.role;
        if may_while_inactive(role, operation, effect) {
            return Ok(());
        }
        let ended = Problem::new(
            StatusCode::FORBIDDEN,
            "plan-ended",
            "The account's Enterprise plan has ended: its owner can read and export the data, remove \
             and switch off what is there, and nothing else can be changed until the owner \
             reactivates it (insomnia-scim admin plan reactivate).",
        );
        return Err(if role == Role::Owner {
            ended
        } else {
            naming(service, admin.enterprise_pk, Operation::ManagePlan, ended).await
        });
    }
    if needs_advanced_plan(operation, effect) && !admin.plan.includes_advanced() {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "plan-lacks",
            format!(
                "The plan {} does not include this: to {} needs Enterprise or the trial.",
                admin.plan,
                operation.phrase()
            ),
        ));
    }
    Ok(())
}
