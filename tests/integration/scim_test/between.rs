//! Something between client and server that spoils answers, as proxies and faulty servers do.

use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::http::StatusCode;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};

/// What it does.
#[derive(Clone, Copy, PartialEq)]
pub enum Fault {
    /// Carries out every POST of a group, and then answers with 500 and a page that shows the token.
    LosesNewGroups,
    /// Refuses every DELETE of a user.
    KeepsUsers,
    /// Takes its time.
    IsSlow,
}

/// It stops with the value.
pub struct Between {
    pub url: String,
    handle: ServerHandle,
    thread: Option<JoinHandle<()>>,
}

impl Between {
    pub fn start(server: &str, fault: Fault) -> Self {
        let server = server.to_owned();
        let (send, receive) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            actix_web::rt::System::new()
                .block_on(async move {
                    let http = HttpServer::new(move || {
                        let server = server.clone();
                        App::new().default_service(web::to(move |request, body| {
                            pass_on(server.clone(), fault, request, body)
                        }))
                    });
                    let http = http.workers(1).bind("127.0.0.1:0").unwrap();
                    let url = format!("http://{}", http.addrs()[0]);
                    let http = http.disable_signals().run();
                    send.send((url, http.handle())).unwrap();
                    http.await
                })
                .unwrap();
        });
        let (url, handle) = receive.recv().unwrap();
        Self { url, handle, thread: Some(thread) }
    }
}

async fn pass_on(
    server: String,
    fault: Fault,
    request: HttpRequest,
    body: web::Bytes,
) -> HttpResponse {
    let (method, path) = (request.method().as_str(), request.path());
    if fault == Fault::IsSlow {
        actix_web::rt::time::sleep(Duration::from_millis(50)).await;
    }
    if fault == Fault::KeepsUsers && method == "DELETE" && path.contains("/Users/") {
        return HttpResponse::MethodNotAllowed().finish();
    }
    let url = format!("{server}{}", request.uri());
    let header = |name| request.headers().get(name).map_or("", |value| value.to_str().unwrap());
    let answer = reqwest::Client::new()
        .request(method.parse().unwrap(), url)
        .header("authorization", header("authorization"))
        .header("content-type", header("content-type"))
        .body(body.to_vec())
        .send()
        .await
        .unwrap();
    if fault == Fault::LosesNewGroups && method == "POST" && path.ends_with("/Groups") {
        let page = format!("<html>failed\u{7} {}", header("authorization"));
        return HttpResponse::InternalServerError().body(page);
    }
    let mut response = HttpResponse::build(StatusCode::from_u16(answer.status().into()).unwrap());
    for name in ["content-type", "location"] {
        if let Some(value) = answer.headers().get(name) {
            response.insert_header((name, value.to_str().unwrap()));
        }
    }
    response.body(answer.bytes().await.unwrap())
}

impl Drop for Between {
    fn drop(&mut self) {
        // The stop is carried out by its own thread; nothing has to poll this future.
        drop(self.handle.stop(false));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
