//! A DNS server on loopback, with a zone that the test writes.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use hickory_proto::op::{Message, OpCode, ResponseCode};
use hickory_proto::rr::rdata::{CNAME, TXT};
use hickory_proto::rr::{Name, RData, Record};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::task::JoinSet;

/// What there is at a name.
#[derive(Clone, Debug)]
pub enum Entry {
    /// TXT records, each of one or more strings.
    Texts(Vec<Vec<String>>),
    /// The same, too long for UDP: the answer there is cut off.
    LongTexts(Vec<Vec<String>>),
    /// An alias; the answer has what is behind it as well, as a resolver's has.
    Alias(&'static str),
    /// An alias; what is behind it has to be asked for.
    BareAlias(&'static str),
    /// A name without TXT records.
    Bare,
    /// SERVFAIL.
    Fails,
    /// Nobody answers.
    Silent,
}

type Zone = Arc<Mutex<HashMap<String, Entry>>>;

/// The server; it answers as long as the value lives. A name that is not in its zone does not exist.
pub struct DnsServer {
    pub address: SocketAddr,
    zone: Zone,
    questions: Arc<Mutex<Vec<String>>>,
    _tasks: JoinSet<()>,
}

impl DnsServer {
    pub async fn start() -> Self {
        let (udp, tcp) = sockets().await;
        let address = tcp.local_addr().unwrap();
        let (zone, questions) = (Zone::default(), Arc::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(serve_udp(udp, Arc::clone(&zone), Arc::clone(&questions)));
        tasks.spawn(serve_tcp(tcp, Arc::clone(&zone)));
        Self { address, zone, questions, _tasks: tasks }
    }

    /// Puts an entry at a name, instead of the one that is there.
    pub fn set(&self, name: &str, entry: Entry) {
        self.zone.lock().unwrap().insert(name.to_owned(), entry);
    }

    /// Puts TXT records of one string each there.
    pub fn set_texts(&self, name: &str, texts: &[&str]) {
        let texts = texts.iter().map(|text| vec![(*text).to_owned()]).collect();
        self.set(name, Entry::Texts(texts));
    }

    /// The names that were asked for over UDP, in order.
    pub fn questions(&self) -> Vec<String> {
        self.questions.lock().unwrap().clone()
    }
}

/// Both on one port.
async fn sockets() -> (UdpSocket, TcpListener) {
    loop {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        if let Ok(udp) = UdpSocket::bind(tcp.local_addr().unwrap()).await {
            return (udp, tcp);
        }
    }
}

async fn serve_udp(socket: UdpSocket, zone: Zone, questions: Arc<Mutex<Vec<String>>>) {
    let mut buffer = [0; 4096];
    while let Ok((length, from)) = socket.recv_from(&mut buffer).await {
        let query = Message::from_vec(&buffer[..length]).unwrap();
        questions.lock().unwrap().push(name_in(&query));
        if let Some(answer) = answer(&query, &zone, true) {
            let _ = socket.send_to(&answer, from).await;
        }
    }
}

async fn serve_tcp(listener: TcpListener, zone: Zone) {
    while let Ok((mut stream, _)) = listener.accept().await {
        while let Some(query) = read(&mut stream).await {
            let Some(answer) = answer(&query, &zone, false) else { break };
            let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
            let _ = stream.write_all(&[&length[..], &answer].concat()).await;
        }
    }
}

async fn read(stream: &mut TcpStream) -> Option<Message> {
    let length = stream.read_u16().await.ok()?;
    let mut bytes = vec![0; usize::from(length)];
    stream.read_exact(&mut bytes).await.ok()?;
    Some(Message::from_vec(&bytes).unwrap())
}

fn name_in(query: &Message) -> String {
    query.queries[0].name().to_lowercase().to_ascii().trim_end_matches('.').to_owned()
}

fn answer(query: &Message, zone: &Zone, over_udp: bool) -> Option<Vec<u8>> {
    let mut message = Message::response(query.metadata.id, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.metadata.recursion_available = true;
    message.add_query(query.queries[0].clone());
    let mut name = name_in(query);
    loop {
        let owner = Name::from_ascii(format!("{name}.")).unwrap();
        let found = zone.lock().unwrap().get(&name).cloned();
        match found {
            None => message.metadata.response_code = ResponseCode::NXDomain,
            Some(Entry::Bare) => {}
            Some(Entry::Fails) => message.metadata.response_code = ResponseCode::ServFail,
            Some(Entry::Silent) => return None,
            Some(Entry::LongTexts(_)) if over_udp => message.metadata.truncation = true,
            Some(Entry::Texts(texts) | Entry::LongTexts(texts)) => {
                for strings in texts {
                    let data = RData::TXT(TXT::new(strings));
                    message.add_answer(Record::from_rdata(owner.clone(), 300, data));
                }
            }
            Some(Entry::Alias(target) | Entry::BareAlias(target)) => {
                let data = RData::CNAME(CNAME(Name::from_ascii(format!("{target}.")).unwrap()));
                message.add_answer(Record::from_rdata(owner, 300, data));
                if matches!(found, Some(Entry::Alias(_))) {
                    name = target.to_owned();
                    continue;
                }
            }
        }
        return Some(message.to_vec().unwrap());
    }
}
