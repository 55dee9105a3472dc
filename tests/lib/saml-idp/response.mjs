// Makes responses: samlify (with xml-crypto) writes and signs them; what an attacker does to them
// afterwards is done here with a DOM.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const samlify = require("samlify");
const { DOMParser, XMLSerializer } = require("@xmldom/xmldom");

// samlify wants to be told how to validate the requests it parses; none is parsed by it here.
samlify.setSchemaValidator({ validate: () => Promise.resolve("not checked") });

const SAML = "urn:oasis:names:tc:SAML:2.0:assertion";
const PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
const DSIG = "http://www.w3.org/2000/09/xmldsig#";
const EMAIL = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

export const RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
export const RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1";

/** The PEM of a test key or certificate, as `current.key` or `next.crt`. */
export function pem(name) {
  return readFileSync(fileURLToPath(new URL(`keys/${name}`, import.meta.url)), "utf8");
}

/** The identity provider of this entity id, sign-on URL and signing keys, by samlify. */
export function identityProvider({
  entityId, signOnUrl, keys = ["current"], algorithm = RSA_SHA256, bindings = ["HTTP-POST", "HTTP-Redirect"],
}) {
  return samlify.IdentityProvider({
    entityID: entityId,
    signingCert: keys.map((key) => pem(`${key}.crt`)),
    privateKey: pem(`${keys[0]}.key`),
    requestSignatureAlgorithm: algorithm,
    isAssertionEncrypted: false,
    nameIDFormat: [EMAIL],
    singleSignOnService: bindings.map((binding) => (
      { Binding: `urn:oasis:names:tc:SAML:2.0:bindings:${binding}`, Location: signOnUrl }
    )),
    loginResponseTemplate: { context: "", attributes: [] },
  });
}

const escape = (text) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/**
 * A signed response as XML.
 *
 * options: audience, acs, requestId (absent: unsolicited), email (text or null for no attribute),
 * emails (several values), rawEmail (XML), nameId, nameIdFormat, now, lifetime (seconds),
 * sign ("assertion", "response", "both", "nothing"), key, algorithm.
 */
export async function makeResponse(entityId, signOnUrl, options) {
  const {
    audience, acs, requestId, email, emails, rawEmail, now = Date.now(), lifetime = 300,
    sign = "assertion", key = "current", algorithm = RSA_SHA256,
    nameId = email ?? "somebody", nameIdFormat = EMAIL, recipient = acs, destination = acs,
  } = options;
  const idp = identityProvider({ entityId, signOnUrl, keys: [key], algorithm });
  const sp = samlify.ServiceProvider({
    entityID: audience,
    wantAssertionsSigned: sign === "assertion" || sign === "both",
    wantMessageSigned: sign === "response" || sign === "both",
    assertionConsumerService: [{ Binding: "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST", Location: acs }],
  });
  const at = (seconds) => new Date(now + seconds * 1000).toISOString();
  const answers = requestId ? ` InResponseTo="${escape(requestId)}"` : "";
  const id = () => `_${crypto.randomUUID()}`;
  const values = rawEmail ? [rawEmail] : (emails ?? (email === null || email === undefined ? [] : [email])).map(escape);
  const attributes = values.length === 0 ? "" : `<saml:AttributeStatement><saml:Attribute Name="email" `
    + `NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:basic">`
    + values.map((value) => `<saml:AttributeValue xmlns:xs="http://www.w3.org/2001/XMLSchema" `
      + `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="xs:string">${value}</saml:AttributeValue>`).join("")
    + `</saml:Attribute></saml:AttributeStatement>`;
  const context = `<samlp:Response xmlns:samlp="${PROTOCOL}" xmlns:saml="${SAML}" ID="${id()}" Version="2.0" `
    + `IssueInstant="${at(0)}" Destination="${escape(destination)}"${answers}>`
    + `<saml:Issuer>${escape(entityId)}</saml:Issuer>`
    + `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>`
    + `<saml:Assertion ID="${id()}" Version="2.0" IssueInstant="${at(0)}">`
    + `<saml:Issuer>${escape(entityId)}</saml:Issuer>`
    + `<saml:Subject><saml:NameID Format="${nameIdFormat}">${escape(nameId)}</saml:NameID>`
    + `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`
    + `<saml:SubjectConfirmationData NotOnOrAfter="${at(lifetime)}" Recipient="${escape(recipient)}"${answers}/>`
    + `</saml:SubjectConfirmation></saml:Subject>`
    + `<saml:Conditions NotBefore="${at(0)}" NotOnOrAfter="${at(lifetime)}">`
    + `<saml:AudienceRestriction><saml:Audience>${escape(audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`
    + `<saml:AuthnStatement AuthnInstant="${at(0)}" SessionIndex="${id()}"><saml:AuthnContext>`
    + `<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>`
    + `</saml:AuthnContext></saml:AuthnStatement>${attributes}</saml:Assertion></samlp:Response>`;
  if (sign === "nothing") return context;
  const made = await idp.createLoginResponse(sp, null, "post", {}, () => ({ id: id(), context }));
  return Buffer.from(made.context, "base64").toString("utf8");
}

/** Changes the address after signing. */
export function forge(xml, from, to) {
  return xml.replaceAll(from, to);
}

/**
 * Wraps a signed assertion: the signed one is moved aside, still verifying, and an evil copy with
 * another address stands where assertions are read.
 */
export function wrap(xml, from, to) {
  const document = new DOMParser().parseFromString(xml, "text/xml");
  const assertion = document.getElementsByTagNameNS(SAML, "Assertion")[0];
  const evil = assertion.cloneNode(true);
  evil.setAttribute("ID", `_${crypto.randomUUID()}`);
  const signature = evil.getElementsByTagNameNS(DSIG, "Signature")[0];
  signature.parentNode.removeChild(signature);
  const aside = document.createElementNS(PROTOCOL, "samlp:Extensions");
  document.documentElement.replaceChild(evil, assertion);
  document.documentElement.insertBefore(aside, document.documentElement.firstChild);
  aside.appendChild(assertion);
  const text = new XMLSerializer().serializeToString(evil).replaceAll(from, to);
  const changed = new DOMParser().parseFromString(text, "text/xml").documentElement;
  document.documentElement.replaceChild(document.importNode(changed, true), evil);
  return new XMLSerializer().serializeToString(document);
}
