// Writes the fixtures of the unit tests of src/outside/saml: `node fixtures.mjs DIRECTORY`.
// They are signed by samlify with the test keys; fixtures_ec.py adds one that is signed by signxml.

import { mkdirSync, writeFileSync } from "node:fs";
import { identityProvider, makeResponse, RSA_SHA1 } from "./response.mjs";

const directory = process.argv[2];
const entityId = "https://idp.example/metadata";
const signOnUrl = "https://idp.example/sso";
const common = {
  audience: "https://scim.example/sso/saml/con_1/metadata",
  acs: "https://scim.example/sso/saml/con_1/acs",
  now: Date.UTC(2026, 10, 24, 10, 0, 0),
  requestId: "_request",
  email: "jane@kong.example",
};
const fixtures = {
  "assertion-signed": {},
  "response-signed": { sign: "response" },
  "both-signed": { sign: "both" },
  unsolicited: { requestId: undefined },
  "next-key": { key: "next" },
  "stranger-key": { key: "stranger" },
  sha1: { algorithm: RSA_SHA1 },
  comment: { email: null, rawEmail: "jane@kong.example<!-- -->.evil.example" },
  cdata: { email: null, rawEmail: "jane@kong.example<![CDATA[.evil.example]]>" },
  "name-id-only": { email: null, nameId: "jane@kong.example" },
  "opaque-name-id": { email: null, nameId: "00u1", nameIdFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" },
  "transient-name-id": { nameId: "_7f3a", nameIdFormat: "urn:oasis:names:tc:SAML:2.0:nameid-format:transient" },
  "plain-name-id": { email: null, nameId: "jane@kong.example", nameIdFormat: "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified" },
  "two-emails": { emails: ["jane@kong.example", "owner@kong.example"] },
};

mkdirSync(directory, { recursive: true });
for (const [name, options] of Object.entries(fixtures)) {
  writeFileSync(`${directory}/${name}.xml`, await makeResponse(entityId, signOnUrl, { ...common, ...options }));
}
writeFileSync(`${directory}/metadata.xml`, identityProvider({ entityId, signOnUrl, keys: ["current", "next"] }).getMetadata());
