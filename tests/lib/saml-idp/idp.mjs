// An identity provider for tests: `node idp.mjs`. It listens on a free port of loopback, prints its
// URL, and stops when its standard input ends. samlify reads the service providers' metadata and
// requests, and writes and signs the responses; nobody has to enter a password.
//
//   GET  /metadata           its metadata
//   PUT  /service-providers  registers one; the body is its metadata
//   GET  /sso                answers an AuthnRequest (HTTP-Redirect) with a form that posts itself
//   POST /sso                the same for HTTP-POST
//   GET  /start?sp=ENTITY    begins a sign-in itself (unsolicited response)
//   PUT  /behaviour          JSON: what the next responses are like, over the defaults
//
// Behaviour: `email` (who is signed in), `now` (milliseconds; the time of the test), `keys` (names
// of keys in metadata; the first one signs), `bindings` (those that metadata offers), `attack` ("forge", "wrap") with `victim` (the address
// that the attacker wants to be), `refuse` (true: answers that nobody was signed in), and whatever
// makeResponse takes: `sign`, `key`, `lifetime`, `audience`, `recipient`, `destination`, `emails`.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { forge, identityProvider, makeResponse, wrap } from "./response.mjs";

const samlify = createRequire(import.meta.url)("samlify");
const POST = "post";

// The library writes notes to standard output, which is for the URL.
console.warn = console.log = console.info = () => {};

const serviceProviders = new Map();
let behaviour = {};
let base = "";

const entityId = () => `${base}/metadata`;
const signOnUrl = () => `${base}/sso`;
const ourselves = () =>
  identityProvider({
    entityId: entityId(), signOnUrl: signOnUrl(), keys: behaviour.keys, bindings: behaviour.bindings,
  });

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

const escape = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");

/** The form of the HTTP-POST binding, as a browser gets it. */
async function form(sp, requestId, relayState) {
  const meta = sp.entityMeta;
  const acs = meta.getAssertionConsumerService(POST);
  const { attack, victim, keys = ["current"], refuse, ...options } = behaviour;
  const made = {
    audience: meta.getEntityID(), acs, requestId, email: "jane@kongair.example", key: keys[0], ...options,
  };
  let xml = await makeResponse(entityId(), signOnUrl(), made);
  if (attack === "forge") xml = forge(xml, made.email, victim);
  if (attack === "wrap") xml = wrap(xml, made.email, victim);
  if (refuse) {
    xml = xml.replace("status:Success", "status:Responder").replace(/<saml:Assertion .*<\/saml:Assertion>/s, "");
  }
  const state = relayState ? `<input type="hidden" name="RelayState" value="${escape(relayState)}">` : "";
  return `<!doctype html><form method="post" action="${escape(acs)}">`
    + `<input type="hidden" name="SAMLResponse" value="${Buffer.from(xml).toString("base64")}">${state}</form>`
    + `<script>document.forms[0].submit()</script>`;
}

async function serve(request) {
  const url = new URL(request.url, base);
  switch (`${request.method} ${url.pathname}`) {
    case "GET /metadata":
      return [200, "application/samlmetadata+xml", ourselves().getMetadata()];
    case "PUT /service-providers": {
      const sp = samlify.ServiceProvider({ metadata: await body(request) });
      serviceProviders.set(sp.entityMeta.getEntityID(), sp);
      return [204, "text/plain", ""];
    }
    case "PUT /behaviour":
      behaviour = JSON.parse(await body(request));
      return [204, "text/plain", ""];
    case "GET /start": {
      const sp = serviceProviders.get(url.searchParams.get("sp"));
      if (!sp) return [404, "text/plain", "no such service provider"];
      return [200, "text/html", await form(sp, undefined, url.searchParams.get("RelayState"))];
    }
    case "GET /sso":
    case "POST /sso": {
      const posted = request.method === "POST";
      const fields = posted ? new URLSearchParams(await body(request)) : url.searchParams;
      const asked = { [posted ? "body" : "query"]: Object.fromEntries(fields) };
      const anybody = samlify.ServiceProvider({ entityID: "", assertionConsumerService: [] });
      const { extract } = await ourselves().parseLoginRequest(anybody, posted ? POST : "redirect", asked);
      const sp = serviceProviders.get(extract.issuer);
      if (!sp) return [404, "text/plain", `no service provider ${extract.issuer}`];
      const acs = sp.entityMeta.getAssertionConsumerService(POST);
      if (extract.request.assertionConsumerServiceUrl !== acs || extract.request.destination !== signOnUrl()) {
        return [400, "text/plain", `not for us: ${JSON.stringify(extract)}`];
      }
      return [200, "text/html", await form(sp, extract.request.id, fields.get("RelayState"))];
    }
    default:
      return [404, "text/plain", "not here"];
  }
}

const server = createServer((request, response) => {
  serve(request).catch((error) => [500, "text/plain", String(error?.stack ?? error)])
    .then(([status, type, text]) => response.writeHead(status, { "content-type": type }).end(text));
});
server.listen(0, "127.0.0.1", () => {
  base = `http://127.0.0.1:${server.address().port}`;
  process.stdout.write(`${base}\n`);
});
process.stdin.resume().on("end", () => process.exit(0));
