//! The state that all handlers share.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::administration::plans::BillingContacts;
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

/// Limits on requests and answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerLimits {
    /// The maximum length of an authenticated request's body, in bytes.
    pub max_body: usize,
    /// The timeouts of request bodies.
    pub patience: Patience,
    /// The maximum number of concurrent connections.
    pub connections: usize,
    /// The maximum number of operations in a bulk request.
    pub bulk_operations: usize,
    /// The limits of searches and their pages.
    pub search: search::Limits,
    /// The maximum number of requests per second of one connector; `None` means no limit.
    pub rate: Option<NonZeroU32>,
}

/// The number of mails that one place may request per minute.
const ASKS: NonZeroU32 = NonZeroU32::MIN.saturating_add(119);
/// The number of tokens that an OAuth client may fetch per minute: each is valid for an hour.
const TOKENS: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);
/// The number of unauthenticated requests per minute that the request log of one connector keeps.
const STRANGERS: NonZeroU32 = NonZeroU32::MIN.saturating_add(19);

/// The state of the server, shared by its workers.
pub struct Service {
    /// The database, with its clock.
    pub store: Store,
    /// The URL that clients know the server by, without a slash at the end.
    pub public_url: String,
    /// The limits on requests and answers.
    pub limits: ServerLimits,
    /// The metrics of the server.
    pub metrics: Metrics,
    /// The DNS resolver that verifies domains.
    pub dns: Dns,
    /// The secrets of the operator and the billing system.
    pub secrets: Secrets,
    /// Whom customers turn to about payment and seats.
    pub billing: BillingContacts,
    /// The limit against guessing activation codes.
    pub codes: GuessLimit,
    /// The limit against guessing the operator's token.
    pub operators: GuessLimit,
    /// The limit against guessing secrets of OAuth clients.
    pub clients: GuessLimit,
    /// The limit against guessing links.
    pub links: GuessLimit,
    /// The limit of mails to sign in, by place.
    pub sign_in_asks: RequestLimit,
    /// The limit of mails to sign up, by place.
    pub sign_up_asks: RequestLimit,
    /// The client of OpenID Connect providers.
    pub providers: Arc<Providers>,
    /// The keys that encrypt stored secrets which the server has to use again.
    pub secret_key: Option<Arc<Keyring>>,
    /// The limit of tokens, by OAuth client.
    pub token_requests: RequestLimit,
    /// The queue of the request log.
    pub requests: Requests,
    /// The limit of unauthenticated requests in the request log, by connector.
    pub strangers: RequestLimit,
    /// The cache of tokens that were authenticated a moment ago.
    pub admissions: Admissions,
    /// The count of unauthenticated bodies that are being received.
    pub waiting: Waiting,
    /// The proxies whose forwarding headers are trusted.
    pub proxies: TrustedProxies,
    rate: Option<DefaultKeyedRateLimiter<AccountPk>>,
}

impl Service {
    /// Creates the state, with defaults for everything that `with_…` sets.
    pub fn new(store: Store, public_url: String, limits: ServerLimits) -> Self {
        Self {
            store,
            public_url,
            limits,
            metrics: Metrics::new(),
            dns: Dns::default(),
            secrets: Secrets::default(),
            billing: BillingContacts::default(),
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

    /// Returns the state with this DNS resolver.
    #[must_use]
    pub fn with_dns(self, dns: Dns) -> Self {
        Self { dns, ..self }
    }

    /// Returns the state with these networks allowed for identity providers, in addition to public
    /// ones.
    #[must_use]
    pub fn with_idp_networks(self, allowed: Networks) -> Self {
        Self { providers: Arc::new(Providers::new(allowed)), ..self }
    }

    /// Returns the state with these trusted proxies.
    #[must_use]
    pub fn with_proxies(self, proxies: TrustedProxies) -> Self {
        Self { proxies, ..self }
    }

    /// Returns the state with these secrets.
    pub fn with_secrets(self, secrets: Secrets) -> Self {
        Self { secrets, ..self }
    }

    /// Returns the state with these contacts for payment and seats.
    #[must_use]
    pub fn with_billing(self, billing: BillingContacts) -> Self {
        Self { billing, ..self }
    }

    /// Returns the state with keys that encrypt stored secrets.
    #[must_use]
    pub fn with_secret_key(self, keys: Option<Arc<Keyring>>) -> Self {
        Self { secret_key: keys, ..self }
    }

    /// Returns the state with this queue of the request log.
    pub fn with_requests(self, requests: Requests) -> Self {
        Self { requests, ..self }
    }

    /// Runs a transaction for an unauthenticated client, in the lane for such writes
    /// ([`WriteContext::of_stranger`]).
    ///
    /// # Errors
    /// Fails with [`crate::store::StoreError::Overloaded`] if the lane is full.
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

    /// Counts a request against the rate limit of this account's connector.
    ///
    /// # Errors
    /// Returns the whole seconds to wait if the limit is reached.
    pub fn check_rate(&self, enterprise: AccountPk) -> Result<(), u64> {
        use governor::clock::{Clock, DefaultClock};
        let Some(rate) = &self.rate else { return Ok(()) };
        rate.check_key(&enterprise).map_err(|until| {
            let wait = until.wait_time_from(DefaultClock::default().now());
            wait.as_secs() + 1
        })
    }

    /// Returns the limits as `/ServiceProviderConfig` announces them.
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
