//! What every handler works with.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::background::requests::Requests;
use crate::enterprise::AccountPk;
use crate::enterprise::secret::Keyring;
use crate::http::base::admissions::Admissions;
use crate::http::base::bodies::{Patience, Waiting};
use crate::http::base::guesses::{GuessLimit, RequestLimit};
use crate::http::base::metrics::Metrics;
use crate::http::base::place::TrustedProxies;
use crate::http::base::secrets::Secrets;
use crate::outside::dns::Dns;
use crate::outside::network::Networks;
use crate::outside::oidc::Providers;
use crate::provisioning::search;
use crate::scim::discovery::ServiceProviderConfig;
use crate::store::{Store, Transaction, TransactionError, WriteContext};

/// Limits on what clients send and get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerLimits {
    /// Longest request body, in bytes.
    pub max_body: usize,
    /// How long bodies may take.
    pub patience: Patience,
    /// Connections at once.
    pub connections: usize,
    /// Operations in one bulk request.
    pub bulk_operations: usize,
    /// Pages.
    pub search: search::Limits,
    /// Requests a second of one connector; none means no limit.
    pub rate: Option<NonZeroU32>,
}

/// Mails that may be asked for from one place, in a minute.
const ASKS: NonZeroU32 = NonZeroU32::MIN.saturating_add(119);
/// Tokens that an OAuth client gets in a minute: each is good for an hour.
const TOKENS: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
/// Requests in a minute that the log of one connector keeps of who was not let in.
const STRANGERS: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);

/// The server's parts, shared by its workers.
pub struct Service {
    /// The database.
    pub store: Store,
    /// The URL that clients know the server by, without a slash at the end.
    pub public_url: String,
    /// Limits.
    pub limits: ServerLimits,
    /// Counts of what was served.
    pub metrics: Metrics,
    /// How names are looked up.
    pub dns: Dns,
    /// What the operator and other systems show to be let in.
    pub secrets: Secrets,
    /// How often activation codes are guessed.
    pub codes: GuessLimit,
    /// How often the operator's token is guessed.
    pub operators: GuessLimit,
    /// How often the secrets of OAuth clients are guessed.
    pub clients: GuessLimit,
    /// How often links are guessed.
    pub links: GuessLimit,
    /// How often mails to sign in are asked for, by place.
    pub sign_in_asks: RequestLimit,
    /// How often mails to sign up are asked for, by place.
    pub sign_up_asks: RequestLimit,
    /// Identity providers that people sign in at.
    pub providers: Arc<Providers>,
    /// What secrets are stored under that the server must use again.
    pub secret_key: Option<Arc<Keyring>>,
    /// How often OAuth clients get tokens.
    pub token_requests: RequestLimit,
    /// What the request log has to keep.
    pub requests: Requests,
    /// How often the request log keeps that nobody was let in.
    pub strangers: RequestLimit,
    /// Which tokens were let in a moment ago.
    pub admissions: Admissions,
    /// Bodies of strangers that are waited for.
    pub waiting: Waiting,
    /// Whose word counts of where a request came from.
    pub proxies: TrustedProxies,
    rate: Option<DefaultKeyedRateLimiter<AccountPk>>,
}

impl Service {
    /// Puts the parts together.
    pub fn new(store: Store, public_url: String, limits: ServerLimits) -> Self {
        Self {
            store,
            public_url,
            limits,
            metrics: Metrics::new(),
            dns: Dns::default(),
            secrets: Secrets::default(),
            codes: GuessLimit::default(),
            operators: GuessLimit::default(),
            clients: GuessLimit::default(),
            links: GuessLimit::default(),
            sign_in_asks: RequestLimit::per_minute(ASKS),
            sign_up_asks: RequestLimit::per_minute(ASKS),
            providers: Arc::new(Providers::new(Networks::default())),
            secret_key: None,
            token_requests: RequestLimit::per_minute(TOKENS),
            requests: Requests::default(),
            strangers: RequestLimit::per_minute(STRANGERS),
            admissions: Admissions::default(),
            waiting: Waiting::default(),
            proxies: TrustedProxies::default(),
            rate: limits.rate.map(|rate| RateLimiter::keyed(Quota::per_second(rate))),
        }
    }

    /// The same, looking names up so.
    #[must_use]
    pub fn with_dns(self, dns: Dns) -> Self {
        Self { dns, ..self }
    }

    /// The same, looking for identity providers in these networks, too.
    #[must_use]
    pub fn with_idp_networks(self, allowed: Networks) -> Self {
        Self { providers: Arc::new(Providers::new(allowed)), ..self }
    }

    /// The same, believing these proxies.
    #[must_use]
    pub fn with_proxies(self, proxies: TrustedProxies) -> Self {
        Self { proxies, ..self }
    }

    /// The same with these secrets.
    pub fn with_secrets(self, secrets: Secrets) -> Self {
        Self { secrets, ..self }
    }

    /// The same with a key for secrets.
    #[must_use]
    pub fn with_secret_key(self, keys: Option<Arc<Keyring>>) -> Self {
        Self { secret_key: keys, ..self }
    }

    /// The same with this queue of the request log.
    pub fn with_requests(self, requests: Requests) -> Self {
        Self { requests, ..self }
    }

    /// Writes for somebody who is not known yet, in the strangers' lane ([`WriteContext::of_stranger`]).
    ///
    /// # Errors
    /// The work's; [`crate::store::StoreError::Overloaded`] where the lane is full.
    pub async fn write_for_stranger<T, E>(
        &self,
        by: impl Into<WriteContext>,
        work: impl FnMut(&mut Transaction<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: TransactionError,
    {
        self.store.write(by.into().of_stranger(), work).await
    }

    /// Whether this account's connector may send one more request now; otherwise how many whole
    /// seconds it has to wait.
    pub fn admit(&self, enterprise: AccountPk) -> Result<(), u64> {
        use governor::clock::{Clock, DefaultClock};
        let Some(rate) = &self.rate else { return Ok(()) };
        rate.check_key(&enterprise).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            wait.as_secs() + 1
        })
    }

    /// The limits as `/ServiceProviderConfig` says them.
    pub fn service_provider_config(&self) -> ServiceProviderConfig {
        ServiceProviderConfig {
            default_page_size: self.limits.search.default_page,
            max_page_size: self.limits.search.max_page,
            cursor_timeout: self.limits.search.cursor_timeout.unsigned_abs(),
            bulk_max_operations: self.limits.bulk_operations as u64,
            bulk_max_payload: self.limits.max_body as u64,
            documentation_uri: None,
        }
    }
}
