// Every page as every role: it opens or says who may, axe-core finds nothing, and nothing is wider than
// the window; in light and dark, wide and narrow.

import test from "node:test";
import assert from "node:assert/strict";
import { launch, Person } from "./browser.mjs";
import { databases, Server } from "./server.mjs";

const CONTROLS = [
  "", "/team", "/team/new", "/members", "/co-owners", "/licenses", "/domains/list", "/domains/new",
  "/invite", "/invite/pending", "/invite/non-compliant", "/sso/list", "/sso/new", "/scim", "/scim/health",
  "/scim/requests", "/scim/why?about=owner@kongair.example", "/scim/preview", "/scim/guides", "/scim/refresh",
  "/scim/settings", "/scim/disable", "/storage", "/reports", "/audit-log",
];
const PAGES = [
  "/app", "/app/dashboard/organizations", "/app/account", "/app/transfers", "/app/billing",
  "/app/subscription/update", "/accounts", ...CONTROLS.map((path) => `/app/enterprise${path}`),
];
const ROLES = ["owner", "co-owner", "member", "billing-only"];

/** Asks the administrators' API. */
const call = async (server, method, path, body) => {
  const answer = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${server.printed("Admin token")}`,
      "content-type": "application/json",
    },
    body: body && JSON.stringify(body),
  });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
};

/** Signs in by mail, as people do. */
const signIn = async (person, email) => {
  await person.go("/sign-in");
  await person.field("E-mail address").fill(email);
  await person.press("Continue");
  await person.follow(await person.server.link(email), "Sign in");
};

/** Makes the account inactive, as its owner does. */
const downgrade = async (owner) => {
  await owner.menu("Plan & billing");
  await owner.press("Downgrade");
  await owner.fill("Type KongAir to confirm", "KongAir");
  await owner.confirm("Downgrade");
  await owner.sees("inactive");
};

/** Opens every page as one role, and says what is wrong with them. */
const walk = async (person, what, keeps) => {
  const wrong = [];
  for (const path of PAGES) {
    const answer = await person.go(path);
    const found = [200, 403].includes(answer.status()) ? [] : [`answered ${answer.status()}`];
    const headings = await person.page.getByRole("heading", { level: 1 }).count();
    if (headings !== 1) found.push(`${headings} headings of the first level`);
    found.push(...(await person.flaws()));
    wrong.push(...found.map((flaw) => `${path} ${what}: ${flaw}`));
    const name = path.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "");
    if (keeps) await person.picture(`${what.replaceAll(" ", "-")}-${name}`);
  }
  return wrong;
};

const LIGHT = { colorScheme: "light", viewport: { width: 1280, height: 900 } };
const DARK = { colorScheme: "dark", viewport: { width: 360, height: 900 } };

for (const database of databases) {
  test(`every page as every role, on ${database}`, { timeout: 600_000 }, async () => {
    const server = await Server.start(database);
    const browser = await launch();
    const wrong = [];
    try {
      const people = { owner: "owner@kongair.example" };
      for (const role of ROLES.slice(1)) {
        people[role] = `${role}@kongair.example`;
        await call(server, "POST", "/members", { email: people[role], role });
      }
      const long = "Ground Handling, Catering and Passenger Services of the Northern and Southern Hemisphere";
      await call(server, "POST", "/teams", { name: long, description: long });
      const sessions = {};
      for (const role of ROLES) {
        const first = await Person.open(browser, server);
        await signIn(first, people[role]);
        sessions[role] = await first.context.storageState();
        await first.close();
      }
      const look = async (state, role, how) => {
        const person = await Person.open(browser, server, { ...how, storageState: sessions[role] });
        const what = `${state} ${role} ${how.colorScheme} ${how.viewport.width}`;
        wrong.push(...(await walk(person, what, database === "sqlite")));
        await person.close();
      };
      // What a page looks like has nothing to do with the database.
      const looks = database === "sqlite" ? [LIGHT, DARK] : [LIGHT];
      for (const role of ROLES) for (const how of looks) await look("active", role, how);
      const owner = await Person.open(browser, server, { storageState: sessions.owner });
      await owner.go("/app");
      await downgrade(owner);
      await owner.close();
      for (const role of ROLES) await look("inactive", role, LIGHT);
    } finally {
      await browser.close();
      await server.stop();
    }
    assert.deepEqual(wrong, []);
  });
}
