//! The query of a page's address, as typed values.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use crate::enterprise::Timestamp;
use crate::http::base::problem::Problem;
use crate::http::base::query::encoded;

/// The parameters of the query as a `T`. A field of a form that was left empty asks for nothing.
pub struct Wanted<T> {
    /// The typed parameters.
    pub query: T,
    /// The same, as they were written, without those that are empty.
    pub pairs: Vec<(String, String)>,
}

/// The query of a list that nothing narrows.
#[derive(Clone, Copy, Debug, serde::Deserialize)]
pub struct Whole {}

impl<T: DeserializeOwned + 'static> FromRequest for Wanted<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::parse(request.query_string()))
    }
}

impl<T: DeserializeOwned> Wanted<T> {
    fn parse(query: &str) -> Result<Self, Problem> {
        let unread = |error| Problem::bad_request(format!("The address of the page: {error}."));
        let pairs = web::Query::<Vec<(String, String)>>::from_query(query).map_err(unread)?;
        let pairs: Vec<_> =
            pairs.into_inner().into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let query = web::Query::<T>::from_query(&written(&pairs)).map_err(unread)?.into_inner();
        Ok(Self { query, pairs })
    }
}

impl<T> Wanted<T> {
    /// Returns the value of a parameter; empty if it was not given.
    pub fn text(&self, name: &str) -> &str {
        self.pairs.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    /// Returns all values of a parameter that can be given several times.
    pub fn all(&self, name: &str) -> Vec<String> {
        let values = self.pairs.iter().filter(|(field, _)| field == name);
        values.map(|(_, value)| value.clone()).collect()
    }

    /// Returns whether the list is narrowed by anything.
    pub fn narrows(&self) -> bool {
        self.pairs.iter().any(|(name, _)| !matches!(name.as_str(), "cursor" | "limit" | "done"))
    }

    /// Returns the address of the next page of a list, if there is one.
    pub fn next(&self, path: &str, cursor: Option<String>) -> Option<String> {
        let kept =
            self.pairs.iter().filter(|(name, _)| !matches!(name.as_str(), "cursor" | "done"));
        let mut pairs: Vec<(String, String)> = kept.cloned().collect();
        pairs.push(("cursor".to_owned(), cursor?));
        Some(format!("{path}?{}", written(&pairs)))
    }
}

/// Returns the times between which a list is wanted that is asked for by its first and its last day.
///
/// # Errors
/// Fails at the field `from` or `to` if it is no day.
pub fn days(
    from: Option<&str>,
    to: Option<&str>,
) -> Result<(Option<String>, Option<String>), Problem> {
    let begin = |field: &str, day: &str| {
        Timestamp::from_rfc3339(&format!("{day}T00:00:00Z"))
            .ok_or_else(|| Problem::bad_request(format!("{field}: a day such as 2026-01-31.")))
    };
    let since = from.map(|day| begin("from", day)).transpose()?;
    let until = to.map(|day| begin("to", day)).transpose()?.map(|day| day.plus_days(1));
    Ok((since.map(Timestamp::to_rfc3339), until.map(Timestamp::to_rfc3339)))
}

fn written(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::enterprise::TeamSource;

    #[derive(Debug, Deserialize)]
    struct Teams {
        search: Option<String>,
        source: Option<TeamSource>,
    }

    #[test]
    fn an_empty_field_asks_for_nothing_and_the_rest_leads_to_the_next_page() {
        let wanted = Wanted::<Teams>::parse("search=fl%26y&source=&cursor=x&done=linked").unwrap();
        assert_eq!(wanted.query.search.as_deref(), Some("fl&y"));
        assert_eq!(wanted.query.source, None);
        assert!(wanted.narrows());
        let next = wanted.next("/app/enterprise/team", Some("n".to_owned()));
        assert_eq!(next.as_deref(), Some("/app/enterprise/team?search=fl%26y&cursor=n"));
        assert_eq!(wanted.next("/app", None), None);
        assert!(Wanted::<Teams>::parse("source=nowhere").is_err());
    }
}
