//! Shortcuts for handlers: run one use case in the administrator's account.

use actix_web::web::Json;

use super::administrator::Administrator;
use super::answers::{Download, MediaType, NoContent};
use super::list::Paged;
use super::refusals;
use crate::administration::listing::{Listing, Position};
use crate::administration::{AdministrationError, Page};
use crate::enterprise::AccountPk;
use crate::enterprise::search::Search;
use crate::http::base::problem::Problem;
use crate::http::base::streaming::{self, Section};
use crate::store::{Conn, Cost, Transaction};
use crate::views::list::List;

/// The result of a handler with a JSON answer.
pub type Shown<T> = Result<Json<T>, Problem>;

type Done<T> = Result<T, AdministrationError>;

impl<P> Administrator<P> {
    /// Reads in the account, for queries that cost no more than one row and what belongs to it.
    pub async fn read<R: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn, AccountPk) -> Done<R> + Send + 'static,
    ) -> Result<R, Problem> {
        self.read_at(Cost::Point, work).await
    }

    /// Reads in the account, for queries that cost a page of rows.
    pub async fn read_page<R: Send + 'static>(
        &self,
        work: impl Fn(&mut Conn, AccountPk) -> Done<R> + Send + 'static,
    ) -> Result<R, Problem> {
        self.read_at(Cost::Page(self.enterprise), work).await
    }

    async fn read_at<R: Send + 'static>(
        &self,
        cost: Cost,
        work: impl Fn(&mut Conn, AccountPk) -> Done<R> + Send + 'static,
    ) -> Result<R, Problem> {
        let account = self.enterprise;
        let read = self.service.store.read(cost, move |conn| work(conn, account)).await;
        self.explained(read).await
    }

    /// Reads one thing and answers with it.
    pub async fn show<R: Send + 'static, T: From<R>>(
        &self,
        work: impl Fn(&mut Conn, AccountPk) -> Done<R> + Send + 'static,
    ) -> Shown<T> {
        Ok(Json(self.read(work).await?.into()))
    }

    /// Answers with a page of a list. `work` takes the account, the row to begin after, and the
    /// number of items.
    ///
    /// # Errors
    /// Returns 400 if `limit` or `cursor` is invalid.
    pub async fn list<R: Send + 'static, T: From<R>>(
        &self,
        paging: Paged,
        work: impl Fn(&mut Conn, AccountPk, i64, i64) -> Done<Page<R>> + Send + 'static,
    ) -> Shown<List<T>> {
        let (after, limit) = paging.range()?;
        let page = self.read_page(move |conn, account| work(conn, account, after, limit)).await?;
        Ok(Json(paging.list(page, T::from)))
    }

    /// Answers with a page of a list that can be searched. `work` takes the account, where to begin,
    /// and the number of items.
    ///
    /// # Errors
    /// Returns 400 if `limit` or `cursor` is invalid.
    pub async fn listing<R: Send + 'static, T: From<R>>(
        &self,
        paging: Paged,
        search: Option<&Search>,
        work: impl Fn(&mut Conn, AccountPk, &Position, i64) -> Done<Listing<R>> + Send + 'static,
    ) -> Shown<List<T>> {
        let (from, limit) = paging.place(search)?;
        let listing =
            self.read_page(move |conn, account| work(conn, account, &from, limit)).await?;
        Ok(Json(paging.listing(listing, T::from)))
    }

    /// Writes in the account, in one transaction.
    pub async fn write<R: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Transaction<'_>, AccountPk) -> Done<R> + Send + 'static,
    ) -> Result<R, Problem> {
        let account = self.enterprise;
        let work = move |transaction: &mut Transaction<'_>| work(transaction, account);
        let written = self.service.store.write(self.context(), work).await;
        self.explained(written).await
    }

    /// Turns the error of a use case into a refusal, which names who can if it is for the role.
    ///
    /// # Errors
    /// Returns the refusal.
    pub async fn explained<R>(&self, outcome: Done<R>) -> Result<R, Problem> {
        match outcome {
            Ok(done) => Ok(done),
            Err(error) => Err(refusals::explained(&self.service, self.enterprise, error).await),
        }
    }

    /// Writes and answers with the result.
    pub async fn change<R: Send + 'static, T: From<R>>(
        &self,
        work: impl FnMut(&mut Transaction<'_>, AccountPk) -> Done<R> + Send + 'static,
    ) -> Shown<T> {
        Ok(Json(self.write(work).await?.into()))
    }

    /// Writes and answers without a body.
    pub async fn end(
        &self,
        work: impl FnMut(&mut Transaction<'_>, AccountPk) -> Done<()> + Send + 'static,
    ) -> Result<NoContent, Problem> {
        Ok(self.write(work).await?.into())
    }

    /// Streams a file that begins with `head`; `read` returns its sections.
    pub fn download<M: MediaType, S: Clone + Send + 'static>(
        &self,
        file: &str,
        head: String,
        first: S,
        read: impl Fn(&mut Conn, AccountPk, &S) -> Done<Section<S>> + Clone + Send + 'static,
    ) -> Download<M> {
        let account = self.enterprise;
        let read = move |conn: &mut Conn, at: &S| read(conn, account, at);
        let (store, cost) = (&self.service.store, Cost::Page(account));
        Download::new(streaming::answer(store, cost, M::NAME, file, head, first, read))
    }
}
