// Chromium, with what must hold on every page: no error in the console, no violation of the policy, no
// request to another host, and nothing that axe-core finds.

import { readFileSync, existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const paths = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env.CHROMIUM ?? paths.find((path) => existsSync(path));

export const launch = () => chromium.launch({ executablePath, args: ["--no-sandbox"] });

/** A person's browser: its page fails the test for whatever must never happen. */
export class Person {
  static async open(browser, server, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(20_000);
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
    const person = new Person(context, server);
    context.on("page", (page) => person.watch(page));
    person.page = await context.newPage();
    return person;
  }

  constructor(context, server) {
    this.context = context;
    this.server = server;
    this.wrong = [];
  }

  watch(page) {
    page.on("console", (message) => {
      // A refusal of a form is answered with its status, which the browser logs.
      const isStatus = /the server responded with a status of 4\d\d/.test(message.text());
      if (["error", "warning"].includes(message.type()) && !isStatus) this.wrong.push(message.text());
    });
    page.on("pageerror", (error) => this.wrong.push(error.message));
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(this.server.url) && !url.startsWith("data:")) this.wrong.push(`asked ${url}`);
    });
  }

  async close() {
    await this.context.close();
    assert.deepEqual(this.wrong, []);
  }

  /** Opens a page by its path. */
  go(path) {
    return this.page.goto(path.startsWith("http") ? path : this.server.url + path);
  }

  button(name) {
    return this.page.getByRole("button", { name, exact: true });
  }

  link(name) {
    return this.page.getByRole("link", { name, exact: true });
  }

  field(name) {
    return this.page.getByLabel(name, { exact: true });
  }

  /** Presses whatever has this name: a button, or a link that looks like one. */
  async press(name, scope = this.page) {
    const button = scope.getByRole("button", { name, exact: true });
    const link = scope.getByRole("link", { name, exact: true });
    await button.or(link).first().click();
  }

  /** Waits until the page says this. */
  async sees(text) {
    await this.page.getByText(text).first().waitFor();
  }

  /** Opens a mail's link, and presses its button. */
  async follow(link, button) {
    await this.go(link);
    await this.press(button);
  }

  /** Fails if axe-core finds anything on the page. */
  async isAccessible(what) {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(async () => {
      const { violations } = await window.axe.run();
      return violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" ")}`);
    });
    assert.deepEqual(found, [], what);
  }

  /** Fails if the page is wider than the window. */
  async fits(what) {
    const over = await this.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    assert.equal(over, 0, what);
  }

  /** Keeps a picture of the page where INSOMNIA_SCIM_SCREENSHOTS says. */
  async picture(name) {
    const folder = process.env.INSOMNIA_SCIM_SCREENSHOTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }
}
