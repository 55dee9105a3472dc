// The whole story of the onboarding document by clicking, on each database; once without scripts, and
// once by the keyboard alone.

import test from "node:test";
import { launch } from "./browser.mjs";
import { databases, Server } from "./server.mjs";
import { story } from "./story.mjs";

const ways = [
  ...databases.map((database) => [`on ${database}`, database, {}]),
  ["without scripts", "sqlite", { javaScriptEnabled: false }],
  ["by the keyboard", "sqlite", { byKeyboard: true }],
];

for (const [name, database, options] of ways) {
  test(`the onboarding ${name}`, { timeout: 300_000 }, async () => {
    const server = await Server.start(database);
    const browser = await launch();
    try {
      await story(browser, server, options);
    } finally {
      await browser.close();
      await server.stop();
    }
  });
}
