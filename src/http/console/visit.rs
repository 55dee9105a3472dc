//! Somebody who visits a page of the console, and the answers to them.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError, web};
use maud::Markup;

use super::frame::{Frame, Layout};
use super::notice::Notice;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::permits::Permits;
use crate::http::base::problem::Problem;
use crate::http::pages::parts::Filled;

/// The answer of a page: itself, or a refusal that becomes a page.
pub type Answer = Result<HttpResponse, Problem>;

/// Somebody who may do the operation `P`, on a page of the console.
pub struct Visit<P> {
    /// Who it is; runs use cases in their account.
    pub admin: Administrator<P>,
    frame: Frame,
}

impl<P: Permits + 'static> FromRequest for Visit<P> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let admin = Administrator::<P>::from_request(request, payload);
        let (path, notice) = (request.path().to_owned(), Notice::of(request.query_string()));
        Box::pin(async move {
            let admin = admin.await?;
            let (member, role, now) = (admin.member, admin.role, admin.now());
            let base = admin.service.public_url.clone();
            let read = move |conn: &mut _, account| {
                Frame::read(conn, (account, member), role, now)
            };
            let frame = Frame { path, notice, base, ..admin.read(read).await? };
            Ok(Self { admin, frame })
        })
    }
}

impl<P> Visit<P> {
    /// Answers with a page: its title, the pages above it, and its content.
    pub fn show(&self, title: &str, above: &[(&str, &str)], content: &Markup) -> HttpResponse {
        self.layout(title, above, content).respond(StatusCode::OK)
    }

    /// The same for a form that was refused, with the refusal's status.
    pub fn show_again(
        &self,
        problem: &Problem,
        title: &str,
        above: &[(&str, &str)],
        content: &Markup,
    ) -> HttpResponse {
        self.layout(title, above, content).respond(problem.status_code())
    }

    fn layout<'a>(
        &'a self,
        title: &'a str,
        above: &'a [(&'a str, &'a str)],
        content: &'a Markup,
    ) -> Layout<'a> {
        Layout { frame: &self.frame, title, above, content }
    }

    /// Leads to another page after something was done, which says so.
    pub fn go(&self, path: &str, notice: Notice) -> HttpResponse {
        let sign = if path.contains('?') { '&' } else { '?' };
        let target = format!("{}{path}{sign}done={}", self.frame.base, notice.as_str());
        HttpResponse::SeeOther().insert_header((LOCATION, target)).finish()
    }
}

/// What a form sent: names and values, as they were typed.
pub struct Sent(pub Filled);

impl FromRequest for Sent {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = web::Form::<Vec<(String, String)>>::from_request(request, payload);
        Box::pin(async move {
            let values = form.await.map_err(|_| {
                Problem::bad_request("The form could not be read. Go back, and send it again.")
            })?;
            Ok(Self(Filled { values: values.into_inner(), refusal: None }))
        })
    }
}

impl Sent {
    /// Returns the value of a field, without blanks around it.
    pub fn text(&self, name: &str) -> &str {
        self.0.value(name).trim()
    }

    /// Returns the value of a field, or `None` if it was left empty.
    pub fn given(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Returns all values of a field that can be sent several times.
    pub fn all(&self, name: &str) -> Vec<String> {
        let values = self.0.values.iter().filter(|(field, _)| field == name);
        values.map(|(_, value)| value.clone()).collect()
    }

    /// Returns what was typed with the reason why it was refused.
    pub fn refused(self, problem: &Problem) -> Filled {
        let refusal = Some((problem.word().to_owned(), problem.detail().to_owned()));
        Filled { refusal, ..self.0 }
    }
}
