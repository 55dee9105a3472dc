// The onboarding document, by clicking: from the sign-up to people whom the identity provider adds and
// takes away. Everything is found by the labels that people see.

import assert from "node:assert/strict";
import { Person } from "./browser.mjs";

const OWNER = "olive@acme.example";

/** Tells the identity provider's side of SCIM. */
const scim = async (connector, method, path, body) => {
  const answer = await fetch(connector.url + path, {
    method,
    headers: { authorization: `Bearer ${connector.token}`, "content-type": "application/scim+json" },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, body: answer.status === 204 ? null : await answer.json() };
};

const user = (email, givenName, familyName) => ({
  schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
  userName: email,
  name: { givenName, familyName },
  displayName: `${givenName} ${familyName}`,
  emails: [{ value: email, primary: true }],
  active: true,
});

/** Signs up: the address is proved, and the account is there. */
export const signUp = async (owner) => {
  await owner.go("/");
  await owner.press("Sign up");
  await owner.fill("E-mail address", OWNER);
  await owner.fill("Given name", "Olive");
  await owner.fill("Family name", "Owens");
  await owner.press("Sign up");
  await owner.sees("Look in your mailbox");
  await owner.follow(await owner.server.link(OWNER), "Confirm the address");
  await owner.heading("Home");
};

const startTrial = async (owner) => {
  await owner.menu("Plan & billing");
  await owner.press("Start 14 day trial");
  await owner.confirm("Start trial");
  await owner.sees("14 days");
  await owner.sees("1 of 50 seats used");
};

const organizations = async (owner) => {
  for (const name of ["Cargo", "Passengers"]) {
    await owner.menu("Your organizations");
    await owner.press("New organization");
    await owner.fill("Organization name", name);
    await owner.press("Create organization");
    await owner.heading(name);
  }
  // The same name again is refused at its field, and what was typed is still there.
  await owner.menu("Your organizations");
  await owner.press("New organization");
  await owner.fill("Organization name", "cargo");
  await owner.press("Create organization");
  await owner.sees(/another organization of the account has this name|has that name|is taken|exists/i);
  assert.equal(await owner.field("Organization name").inputValue(), "cargo");
};

const teams = async (owner) => {
  for (const [name, linked] of [["Flight", ["Cargo", "Passengers"]], ["Sales", ["Passengers"]]]) {
    await owner.menu("Teams");
    await owner.press("Create Team");
    await owner.fill("Team name", name);
    await owner.fill("Description", `The team ${name}`);
    await owner.press("Create team");
    await owner.heading(name);
    await owner.press("Link organizations");
    for (const organization of linked) await owner.tick(`Select ${organization}`);
    await owner.press(/^Preview and link/);
    await owner.press("Link");
    for (const organization of linked) await owner.link(organization).waitFor();
  }
};

const invitations = async (owner, open) => {
  await owner.menu("Teams");
  await owner.press("Flight");
  await owner.fill("E-mail addresses", "amelia@acme.example, nobody.at.acme");
  await owner.choose("Role", "Admin");
  await owner.press("Invite");
  await owner.sees("amelia@acme.example");
  await owner.sees(/nobody.at.acme. is not an e-mail address/);
  await owner.sees("2 of 50 seats used");
  // The page answers the invitation itself, and counts the seat that is taken now.
  await owner.sees("48 of 50 seats are free");
  // The person who was invited: accepts, and finds both organizations of the team.
  const amelia = await open();
  await amelia.follow(await owner.server.link("amelia@acme.example"), "Accept the invitation");
  await amelia.go("/app/dashboard/organizations");
  for (const name of ["Cargo", "Passengers"]) await amelia.link(name).waitFor();
  await amelia.go("/app/enterprise/team");
  await amelia.sees(OWNER);
  await amelia.close();
  await owner.menu("Members");
  await owner.sees("amelia@acme.example");
  await owner.sees("2 of 50 seats used");
};

const domain = async (owner) => {
  await owner.menu("Domains");
  await owner.press("New Domain");
  await owner.fill("Domain", "acme.example");
  await owner.press("Create Domain");
  await owner.heading("acme.example");
  const record = [await owner.field("Name").inputValue(), await owner.field("Value").inputValue()];
  const verify = async () => {
    await owner.tick("I have added the record");
    await owner.press("Verify Domain");
  };
  await verify();
  await owner.sees(/DNS has nothing|no TXT record|was not found/i);
  owner.server.publish(...record);
  await verify();
  await owner.sees("Keep the record: it is looked up every day.");
};

const singleSignOn = async (owner) => {
  await owner.menu("SSO");
  await owner.press("Create Connection");
  await owner.confirm("Create Connection");
  await owner.heading("acme.example");
  await owner.press("Enter OpenID Connect settings");
  await owner.fill("Issuer URL", `${owner.server.url}/demo/idp`);
  await owner.fill("Client ID", "insomnia-demo");
  await owner.fill("Client secret", "insomnia-demo-secret");
  await owner.press("Save as draft");
  await owner.press("Verify");
  await owner.confirm("Verify");
  const [window] = await Promise.all([
    owner.context.waitForEvent("page"),
    owner.press("Open the identity provider"),
  ]);
  await window.getByLabel("Somebody else, by address").fill(OWNER);
  await window.getByLabel("Somebody else, by address").press("Enter");
  await window.getByRole("heading", { name: "Verified" }).waitFor();
  await window.close();
  await owner.press("Look again");
  await owner.press("Switch on");
  await owner.fill("Type acme.example to confirm", "acme.example");
  await owner.confirm("Switch on");
  await owner.sees(/is on/i);
};

const enableScim = async (owner) => {
  await owner.menu("SCIM");
  await owner.press("Enable SCIM");
  await owner.confirm("Generate");
  await owner.heading("SCIM is enabled");
  const connector = {
    url: await owner.field("Connector URL").inputValue(),
    token: await owner.field("Token").inputValue(),
  };
  await owner.menu("SCIM");
  assert.equal(await owner.field("Connector URL").inputValue(), connector.url);
  assert.equal(await owner.page.getByText(connector.token).count(), 0, "a token is shown once");
  return connector;
};

const provisioned = async (owner, connector, open) => {
  const bea = await scim(connector, "POST", "/Users", user("bea@acme.example", "Bea", "Bell"));
  assert.equal(bea.status, 201);
  const members = [{ value: bea.body.id }];
  const schemas = ["urn:ietf:params:scim:schemas:core:2.0:Group"];
  const flight = await scim(connector, "POST", "/Groups", { schemas, displayName: "Flight", members });
  assert.equal(flight.status, 201);
  await owner.menu("Teams");
  await owner.press("Flight");
  await owner.sees("Synchronised");
  await owner.sees("Bea Bell");
  await owner.sees("3 of 50 seats used");
  // Bea signs in at the identity provider.
  const her = await open();
  await her.go("/sign-in");
  await her.fill("E-mail address", "bea@acme.example");
  await her.press("Continue");
  await her.fill("Somebody else, by address", "bea@acme.example");
  await her.press("Sign in");
  await her.go("/app/dashboard/organizations");
  for (const name of ["Cargo", "Passengers"]) await her.link(name).waitFor();
  // The identity provider deactivates her: her session is over, and the seat is free.
  const Operations = [{ op: "Replace", path: "active", value: "False" }];
  const patch = { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations };
  assert.equal((await scim(connector, "PATCH", `/Users/${bea.body.id}`, patch)).status, 200);
  await her.go("/app/dashboard/organizations");
  assert.equal(await her.link("Cargo").count(), 0);
  await her.close();
  await owner.menu("Licenses");
  await owner.sees("2 of 50 seats used");
  // Why she is not there.
  await owner.menu("SCIM");
  await owner.press("Why did this user not arrive?");
  await owner.fill("Address, name or id", "bea@acme.example");
  await owner.press("Ask");
  await owner.sees(/deactivated/i);
  await owner.press("Health");
  await owner.heading("Health of provisioning");
  await owner.sees("Requests and failures an hour");
  await owner.press("Request log");
  await owner.sees("/Groups");
};

const storage = async (owner) => {
  await owner.menu("Storage");
  await owner.press("Edit Organizations");
  await owner.tick(/^Cloud Sync/, false);
  await owner.confirm("Save");
  await owner.heading("Storage");
  await owner.menu("Your organizations");
  await owner.press("Cargo");
  await owner.press("Storage", owner.page.getByRole("navigation", { name: "The organization" }));
  assert.equal(await owner.page.getByRole("main").getByText("Cloud Sync", { exact: true }).count(), 0);
};

const removeFromLicenses = async (owner) => {
  await owner.menu("Licenses");
  const row = owner.page.getByRole("row", { name: /amelia@acme.example/ });
  await owner.press("Remove", row);
  await owner.confirm("Remove");
  await owner.sees("1 of 50 seats used");
};

/** Single sign-on is switched off, and people sign in by mail again. */
const switchOff = async (owner) => {
  await owner.menu("SSO");
  await owner.press("acme.example");
  await owner.press("Switch off");
  await owner.confirm("Switch off");
  await owner.sees("Off");
};

/** Tells the whole story; `options` are those of `Person.open`. */
export const story = async (browser, server, options) => {
  const open = () => Person.open(browser, server, options);
  const owner = await open();
  const part = (tell, ...more) => owner.telling(tell.name, () => tell(owner, ...more));
  for (const tell of [signUp, startTrial, organizations, teams]) await part(tell);
  await part(invitations, open);
  await part(domain);
  await part(singleSignOn);
  const connector = await part(enableScim);
  await part(provisioned, connector, open);
  for (const tell of [storage, removeFromLicenses, switchOff]) await part(tell);
  await owner.close();
};
