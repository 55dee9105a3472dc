//! Somebody who visits a page of the console, and the answers to them.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::LOCATION;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError};
use maud::Markup;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::frame::{Acting, Frame, Layout};
use super::notice::Notice;
use super::sent::{KEY, Sent};
use crate::administration::{AdministrationError, repetition};
use crate::enterprise::AccountPk;
use crate::http::admin::administrator::Administrator;
use crate::http::admin::permits::Permits;
use crate::http::admin::session::SignedIn;
use crate::http::base::problem::Problem;
use crate::store::idempotency::Key;
use crate::store::{StoreError, Transaction};

/// The answer of a page: itself, or a refusal that becomes a page.
pub type Answer = Result<HttpResponse, Problem>;

/// The pages above a page: names and paths.
pub type Above<'a> = &'a [(&'a str, &'a str)];

/// Somebody who may do the operation `P`, on a page of the console.
pub struct Visit<P> {
    /// Who it is; runs use cases in their account.
    pub admin: Administrator<P>,
    /// What surrounds the page.
    pub frame: Frame,
}

/// Somebody who is signed in, on a page that everybody has: in an account, or in none yet.
pub struct OwnVisit {
    /// Who it is; runs use cases of the person.
    pub me: SignedIn,
    /// What surrounds the page.
    pub frame: Frame,
}

type Done<T> = Result<T, AdministrationError>;

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl<P: Permits + 'static> FromRequest for Visit<P> {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let admin = Administrator::<P>::from_request(request, payload);
        let asked = Asked::of(request);
        Box::pin(async move {
            let admin = admin.await?;
            let base = admin.service.public_url.clone();
            let frame = asked.surround(Self::surroundings(&admin).await?, &base);
            Ok(Self { admin, frame })
        })
    }
}

impl FromRequest for OwnVisit {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let me = SignedIn::from_request(request, payload);
        let asked = Asked::of(request);
        Box::pin(async move {
            let me = me.await?;
            let now = me.service.store.clock().now();
            let base = me.service.public_url.clone();
            let read = move |conn: &mut _, current: &crate::administration::sessions::Current| {
                let acting = current.member.as_ref().map(|member| {
                    let acting = Acting { member: member.member_pk, role: member.role };
                    (member.enterprise_pk, acting)
                });
                Frame::read(conn, &current.session, acting, now)
            };
            let frame = asked.surround(me.read(read).await?, &base);
            Ok(Self { me, frame })
        })
    }
}

/// What of the request the frame shows.
struct Asked {
    path: String,
    notice: Option<Notice>,
}

impl Asked {
    fn of(request: &HttpRequest) -> Self {
        Self { path: request.path().to_owned(), notice: Notice::of(request.query_string()) }
    }

    fn surround(self, frame: Frame, public_url: &str) -> Frame {
        frame.at(self.path, self.notice, public_url)
    }
}

impl<P: Permits> Visit<P> {
    async fn surroundings(admin: &Administrator<P>) -> Result<Frame, Problem> {
        let (acting, now) = (Acting { member: admin.member, role: admin.role }, admin.now());
        let session = admin.session()?.clone();
        let read =
            move |conn: &mut _, account| Frame::read(conn, &session, Some((account, acting)), now);
        admin.read(read).await
    }

    /// Reads anew what surrounds the page. A page that answers a change itself, in place of leading
    /// to another one, shows seats and banners as they are after the change.
    ///
    /// # Errors
    /// Fails if the database does.
    pub async fn renewed(self) -> Result<Self, Problem> {
        let frame = Self::surroundings(&self.admin).await?.in_place_of(self.frame);
        Ok(Self { admin: self.admin, frame })
    }
}

impl<P> Visit<P> {
    /// Returns the address of a path of the console, for links and forms.
    pub fn at(&self, path: &str) -> String {
        self.frame.link(path)
    }

    /// Answers with a page: its title, the pages above it, and its content.
    pub fn show(&self, title: &str, above: Above<'_>, content: &Markup) -> HttpResponse {
        Layout { frame: &self.frame, title, above, content }.respond(StatusCode::OK)
    }

    /// The same for a form that was refused, with the refusal's status.
    pub fn show_again(
        &self,
        problem: &Problem,
        title: &str,
        above: Above<'_>,
        content: &Markup,
    ) -> HttpResponse {
        Layout { frame: &self.frame, title, above, content }.respond(problem.status_code())
    }

    /// Leads to another page after something was done, which says so.
    pub fn go(&self, path: &str, notice: Notice) -> HttpResponse {
        self.frame.go(path, notice)
    }

    /// Creates something, once for each form that was shown: a form that is sent again gets the
    /// result of the first time.
    ///
    /// # Errors
    /// Fails as `work` does.
    pub async fn create<R: Serialize + DeserializeOwned>(
        &self,
        sent: &Sent,
        work: impl FnMut(&mut Transaction<'_>, AccountPk) -> Done<R> + Send + 'static,
    ) -> Result<R, Problem> {
        self.create_once(sent, true, work).await
    }

    /// The same for a secret, which is not kept: a form that is sent again is refused.
    ///
    /// # Errors
    /// Fails as `work` does, or if the form was sent before.
    pub async fn create_secret<R: Serialize + DeserializeOwned>(
        &self,
        sent: &Sent,
        work: impl FnMut(&mut Transaction<'_>, AccountPk) -> Done<R> + Send + 'static,
    ) -> Result<R, Problem> {
        self.create_once(sent, false, work).await
    }

    async fn create_once<R: Serialize + DeserializeOwned>(
        &self,
        sent: &Sent,
        keep: bool,
        mut work: impl FnMut(&mut Transaction<'_>, AccountPk) -> Done<R> + Send + 'static,
    ) -> Result<R, Problem> {
        let key = sent.given(KEY).map(|key| Key {
            enterprise: self.admin.enterprise,
            member: self.admin.member,
            key: key.chars().take(255).collect(),
        });
        let request = Sha256::digest(format!("{} {}", self.frame.path(), sent.fingerprint()));
        let made = self
            .admin
            .write(move |transaction, account| {
                repetition::once(transaction, key.as_ref(), &request, keep, |transaction| {
                    serde_json::to_string(&work(transaction, account)?)
                        .map_err(|error| StoreError::Damaged(error.to_string()).into())
                })
            })
            .await?;
        serde_json::from_str(&made.text)
            .map_err(|error| StoreError::Damaged(error.to_string()).into())
    }
}

impl OwnVisit {
    /// Returns the address of a path of the console, for links and forms.
    pub fn at(&self, path: &str) -> String {
        self.frame.link(path)
    }

    /// Answers with a page: its title, the pages above it, and its content.
    pub fn show(&self, title: &str, above: Above<'_>, content: &Markup) -> HttpResponse {
        Layout { frame: &self.frame, title, above, content }.respond(StatusCode::OK)
    }

    /// The same for a form that was refused, with the refusal's status.
    pub fn show_again(
        &self,
        problem: &Problem,
        title: &str,
        above: Above<'_>,
        content: &Markup,
    ) -> HttpResponse {
        Layout { frame: &self.frame, title, above, content }.respond(problem.status_code())
    }

    /// Leads to another page after something was done, which says so.
    pub fn go(&self, path: &str, notice: Notice) -> HttpResponse {
        self.frame.go(path, notice)
    }
}

impl OwnVisit {
    /// Leads to another page.
    pub fn lead(&self, path: &str) -> HttpResponse {
        self.frame.lead(path)
    }
}

impl Frame {
    /// Leads to another page.
    pub fn lead(&self, path: &str) -> HttpResponse {
        HttpResponse::SeeOther().insert_header((LOCATION, self.link(path))).finish()
    }

    /// Leads to another page after something was done, which says so.
    pub fn go(&self, path: &str, notice: Notice) -> HttpResponse {
        let sign = if path.contains('?') { '&' } else { '?' };
        let target = format!("{}{sign}done={}", self.link(path), notice.as_str());
        HttpResponse::SeeOther().insert_header((LOCATION, target)).finish()
    }
}
