//! A browser without a screen: it keeps cookies and follows redirects only when told to.

use std::collections::BTreeMap;

use reqwest::Url;
use reqwest::header::{LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;

/// Keeps cookies by host and port. Clones share none: they are other browsers from then on.
#[derive(Clone)]
pub struct Browser {
    http: reqwest::Client,
    cookies: BTreeMap<(String, String), String>,
}

/// An answer that a browser got.
#[derive(Clone, Debug)]
pub struct Visit {
    pub url: Url,
    pub status: u16,
    /// Where it leads.
    pub location: Option<String>,
    pub cookies: Vec<String>,
    pub body: String,
}

impl Visit {
    /// Checks the status and gives the page.
    #[track_caller]
    pub fn page(self, status: u16) -> String {
        assert_eq!(self.status, status, "{}: {}", self.url, self.body);
        self.body
    }

    /// Checks that it is a redirect, and says where to.
    #[track_caller]
    pub fn leads_to(&self) -> String {
        assert!(matches!(self.status, 302 | 303), "{}: {} {}", self.url, self.status, self.body);
        let location = self.location.as_deref().unwrap();
        self.url.join(location).unwrap().into()
    }
}

/// A parameter of a URL's query.
#[track_caller]
pub fn parameter(url: &str, name: &str) -> String {
    let url = Url::parse(url).unwrap();
    let found = url.query_pairs().find(|(found, _)| found == name);
    found.unwrap_or_else(|| panic!("no {name} in {url}")).1.into_owned()
}

impl Browser {
    pub fn new() -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { http, cookies: BTreeMap::new() }
    }

    pub async fn get(&mut self, url: &str) -> Visit {
        let request = self.http.get(url);
        self.send(url, request).await
    }

    /// Sends a form, as the page at `origin` would.
    pub async fn submit(&mut self, url: &str, origin: &str, fields: &[(&str, &str)]) -> Visit {
        let form = Url::parse_with_params("http://x", fields).unwrap();
        let request = self
            .http
            .post(url)
            .header("origin", origin)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form.query().unwrap_or_default().to_owned());
        self.send(url, request).await
    }

    /// Follows redirects as long as they stay at one server; gives the first answer that does not.
    pub async fn stay_at(&mut self, server: &str, mut visit: Visit) -> Visit {
        while visit.location.is_some() && visit.leads_to().starts_with(server) {
            visit = self.get(&visit.leads_to()).await;
        }
        visit
    }

    /// The value of a cookie for a server.
    pub fn cookie(&self, server: &str, name: &str) -> Option<String> {
        self.cookies.get(&(host(&Url::parse(server).unwrap()), name.to_owned())).cloned()
    }

    /// Sends a request with the cookies for its server, and keeps what comes back.
    pub async fn send(&mut self, url: &str, request: reqwest::RequestBuilder) -> Visit {
        let url = Url::parse(url).unwrap();
        let own = self.cookies.iter().filter(|((server, _), _)| *server == host(&url));
        let own: Vec<String> = own.map(|((_, name), value)| format!("{name}={value}")).collect();
        let response = request.header("cookie", own.join("; ")).send().await.unwrap();
        let texts = |name| {
            response.headers().get_all(name).iter().map(|value| value.to_str().unwrap().to_owned())
        };
        let cookies: Vec<String> = texts(SET_COOKIE).collect();
        let location = texts(LOCATION).next();
        for cookie in &cookies {
            let (pair, attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            let key = (host(&url), name.to_owned());
            match value.is_empty() || attributes.contains("Max-Age=0") {
                true => self.cookies.remove(&key),
                false => self.cookies.insert(key, value.to_owned()),
            };
        }
        let status = response.status().as_u16();
        Visit { url, status, location, cookies, body: response.text().await.unwrap() }
    }

    /// A request of this browser's, to be sent by [`Self::send`].
    pub fn request(&self, method: reqwest::Method, url: &str) -> reqwest::RequestBuilder {
        self.http.request(method, url)
    }
}

fn host(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap(), url.port_or_known_default().unwrap())
}
