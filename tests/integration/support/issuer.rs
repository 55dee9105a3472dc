//! An OpenID provider that says what a test wants it to, forged or not.

use std::collections::VecDeque;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use insomnia_scim::enterprise::{Timestamp, token};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// What it does next, and what it was asked.
#[derive(Default)]
struct Behaviour {
    issuer: String,
    discovery: Value,
    keys: Vec<Value>,
    answers: VecDeque<Value>,
    userinfo: Value,
    asked: Vec<String>,
    key_fetches: usize,
}

type Shared = Arc<Mutex<Behaviour>>;

/// A running provider. It stops with the value.
pub struct Issuer {
    pub url: String,
    behaviour: Shared,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

/// A key to sign with.
pub struct Key {
    pub id: &'static str,
    key: SigningKey,
}

impl Key {
    pub fn new(id: &'static str) -> Self {
        let bytes: [u8; 32] = token::random().unwrap();
        Self { id, key: SigningKey::from_slice(&bytes).unwrap() }
    }

    /// What others know of it.
    pub fn public(&self) -> Value {
        let point = self.key.verifying_key().to_encoded_point(false);
        json!({
            "kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": self.id,
            "x": encode(point.x().unwrap()), "y": encode(point.y().unwrap()),
        })
    }

    /// A signed token with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        let header = json!({"alg": "ES256", "typ": "JWT", "kid": self.id});
        let input = input(&header, claims);
        let signature: Signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", encode(&signature.to_bytes()))
    }

    /// A token that is authenticated with a shared secret, under this key's id.
    pub fn authenticate(&self, claims: &Value, secret: &[u8]) -> String {
        let input = input(&json!({"alg": "HS256", "typ": "JWT", "kid": self.id}), claims);
        format!("{input}.{}", encode(&hmac(secret, input.as_bytes())))
    }
}

/// A token with these claims and no signature.
pub fn unsigned(claims: &Value) -> String {
    format!("{}.", input(&json!({"alg": "none", "typ": "JWT"}), claims))
}

fn input(header: &Value, claims: &Value) -> String {
    format!("{}.{}", encode(header.to_string().as_bytes()), encode(claims.to_string().as_bytes()))
}

fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// HMAC-SHA256 (RFC 2104).
fn hmac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0_u8; 64];
    block[..secret.len()].copy_from_slice(secret);
    let inner = Sha256::new().chain_update(block.map(|byte| byte ^ 0x36)).chain_update(message);
    let outer = Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c));
    outer.chain_update(inner.finalize()).finalize().to_vec()
}

impl Issuer {
    /// One that signs with this key.
    pub fn start(key: &Key) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let discovery = json!({
            "issuer": url,
            "authorization_endpoint": format!("{url}/authorize"),
            "token_endpoint": format!("{url}/token"),
            "userinfo_endpoint": format!("{url}/userinfo"),
            "jwks_uri": format!("{url}/keys"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        });
        let behaviour: Shared = Arc::new(Mutex::new(Behaviour {
            issuer: url.clone(),
            discovery,
            keys: vec![key.public()],
            ..Behaviour::default()
        }));
        let (send, receive) = mpsc::channel();
        let shared = web::Data::from(Arc::clone(&behaviour));
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new()
                .block_on(async move {
                    let server = HttpServer::new(move || {
                        App::new()
                            .app_data(shared.clone())
                            .route("/.well-known/openid-configuration", web::get().to(discovery_of))
                            .route("/keys", web::get().to(keys_of))
                            .route("/token", web::post().to(token_of))
                            .route("/userinfo", web::get().to(userinfo_of))
                    })
                    .workers(1)
                    .disable_signals()
                    .listen(listener)
                    .unwrap()
                    .run();
                    send.send(server.handle()).unwrap();
                    server.await
                })
                .unwrap();
        });
        let handle = receive.recv().unwrap();
        Self { url, behaviour, handle, thread: Some(thread) }
    }

    /// What a connection is told of it.
    pub fn entry(&self) -> Value {
        let client_secret = "shared";
        json!({"oidc": {"issuer": self.url, "client_id": "insomnia", "client_secret": client_secret}})
    }

    /// What it says of itself, with this changed.
    pub fn describe(&self, name: &str, value: Value) {
        self.behaviour.lock().unwrap().discovery[name] = value;
    }

    /// The keys that it says it has from now on.
    pub fn publish(&self, keys: &[&Key]) {
        self.behaviour.lock().unwrap().keys = keys.iter().map(|key| key.public()).collect();
    }

    /// How it answers the next code with this ID token.
    pub fn give(&self, id_token: &str) {
        self.answer(json!({
            "access_token": "access", "token_type": "Bearer", "expires_in": 60, "id_token": id_token,
        }));
    }

    /// How it answers the next code.
    pub fn answer(&self, answer: Value) {
        self.behaviour.lock().unwrap().answers.push_back(answer);
    }

    /// What it tells at its userinfo endpoint.
    pub fn tell(&self, userinfo: Value) {
        self.behaviour.lock().unwrap().userinfo = userinfo;
    }

    /// The bodies that its token endpoint was asked with.
    pub fn asked(&self) -> Vec<String> {
        self.behaviour.lock().unwrap().asked.clone()
    }

    /// How often its keys were fetched.
    pub fn key_fetches(&self) -> usize {
        self.behaviour.lock().unwrap().key_fetches
    }

    /// Claims that must be believed.
    pub fn claims(&self, email: &str, nonce: &str, now: Timestamp) -> Value {
        json!({
            "iss": self.url, "aud": "insomnia", "sub": email, "email": email, "nonce": nonce,
            "iat": now.seconds(), "exp": now.seconds() + 300,
        })
    }
}

async fn discovery_of(shared: web::Data<Mutex<Behaviour>>) -> HttpResponse {
    HttpResponse::Ok().json(&shared.lock().unwrap().discovery)
}

async fn keys_of(shared: web::Data<Mutex<Behaviour>>) -> HttpResponse {
    let mut behaviour = shared.lock().unwrap();
    behaviour.key_fetches += 1;
    HttpResponse::Ok().json(json!({"keys": behaviour.keys}))
}

async fn token_of(shared: web::Data<Mutex<Behaviour>>, body: String) -> HttpResponse {
    let mut behaviour = shared.lock().unwrap();
    behaviour.asked.push(body);
    match behaviour.answers.pop_front() {
        Some(answer) if answer["error"].is_string() => HttpResponse::BadRequest().json(answer),
        Some(answer) => HttpResponse::Ok().json(answer),
        None => HttpResponse::BadRequest().json(json!({"error": "invalid_grant"})),
    }
}

async fn userinfo_of(shared: web::Data<Mutex<Behaviour>>) -> HttpResponse {
    let behaviour = shared.lock().unwrap();
    match &behaviour.userinfo {
        Value::Null => HttpResponse::NotFound().body(behaviour.issuer.clone()),
        userinfo => HttpResponse::Ok().json(userinfo),
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
