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
  /** Opens a browser; with `byKeyboard` it is used without a pointer. */
  static async open(browser, server, { byKeyboard = false, ...options } = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(10_000);
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: server.url });
    const person = new Person(context, server, byKeyboard);
    context.on("page", (page) => person.watch(page));
    person.page = await context.newPage();
    return person;
  }

  constructor(context, server, byKeyboard) {
    this.context = context;
    this.byKeyboard = byKeyboard;
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
  async go(path) {
    // A key press does not wait for the page that it leads to, as a click does.
    if (this.byKeyboard) await this.page.waitForLoadState("networkidle");
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

  /** Moves the focus to something, as people do who have no pointer. */
  async tabTo(locator) {
    const wanted = await locator.elementHandle();
    for (let steps = 0; steps < 200; steps += 1) {
      if (await wanted.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`the key Tab does not lead to ${locator}`);
  }

  /** Follows a link, or presses a button. */
  async activate(locator) {
    if (!this.byKeyboard) return locator.click();
    await this.tabTo(locator);
    return this.page.keyboard.press("Enter");
  }

  /** Enters a text into a field. */
  async fill(name, text) {
    const field = this.field(name);
    if (!this.byKeyboard) return this.telling(`filling in ${name}`, () => field.fill(text));
    await this.tabTo(field);
    await this.page.keyboard.press("ControlOrMeta+a");
    return this.page.keyboard.type(text);
  }

  /** Ticks a box, or takes its tick away. */
  async tick(name, ticked = true) {
    const box = this.field(name);
    if (!this.byKeyboard) return box.setChecked(ticked);
    await this.tabTo(box);
    if ((await box.isChecked()) !== ticked) await this.page.keyboard.press("Space");
    return assert.equal(await box.isChecked(), ticked);
  }

  /** Chooses from a list. */
  async choose(name, option) {
    const list = this.field(name);
    if (!this.byKeyboard) return list.selectOption(option);
    await this.tabTo(list);
    return this.page.keyboard.type(option);
  }

  /** Presses whatever has this name: a button, or a link that looks like one. */
  async press(name, scope = this.page) {
    const button = scope.getByRole("button", { name, exact: true });
    const link = scope.getByRole("link", { name, exact: true });
    await this.telling(`pressing ${name}`, () => this.activate(button.or(link).first()));
  }

  /** Opens a page of the menu. */
  async menu(name) {
    const pages = this.page.getByRole("navigation", { name: "Pages" });
    await this.activate(pages.getByRole("link", { name }).first());
  }

  /** Presses the button of the form that is asked: in the dialog where one opened, else on its page. */
  async confirm(name) {
    const button = this.page.getByRole("button", { name, exact: true }).last();
    await this.telling(`confirming ${name}`, () => this.activate(button));
  }

  /** Waits for the page with this heading. */
  async heading(name) {
    const heading = this.page.getByRole("heading", { level: 1, name, exact: true });
    await this.telling(`waiting for the page ${name}`, () => heading.waitFor());
  }

  /** Tells a part of a story; if it fails, says which and what the page showed. */
  async telling(part, run) {
    try {
      return await run();
    } catch (error) {
      if (error.cause) throw new Error(`${part}: ${error.message}`, { cause: error.cause });
      const shown = await this.shown().catch(() => "");
      throw new Error(`${part}, on ${this.page.url()}: ${error.message}\n${shown}`, { cause: error });
    }
  }

  /** What a screen reader would say of the dialog that is open, or else of the page's content. */
  async shown() {
    const dialog = this.page.getByRole("dialog");
    const content = (await dialog.count()) ? dialog : this.page.getByRole("main");
    return content.first().ariaSnapshot({ timeout: 1000 });
  }

  /** Waits until the page says this. */
  async sees(text) {
    const said = this.page.getByText(text).first();
    await this.telling(`waiting for ${text}`, () => said.waitFor());
  }

  /** Opens a mail's link, and presses its button. */
  async follow(link, button) {
    await this.go(link);
    await this.press(button);
  }

  /** What axe-core finds on the page, and whether it is wider than the window. */
  async flaws() {
    await this.page.evaluate(axe);
    return this.page.evaluate(async () => {
      const { violations } = await window.axe.run();
      const found = violations.map((one) => {
        const nodes = one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200));
        return `${one.id}: ${nodes.join(" ")}`;
      });
      const { scrollWidth, clientWidth } = document.documentElement;
      if (scrollWidth > clientWidth) found.push(`${scrollWidth - clientWidth} wider than the window`);
      return found;
    });
  }

  /** Keeps a picture of the page where INSOMNIA_SCIM_SCREENSHOTS says. */
  async picture(name) {
    const folder = process.env.INSOMNIA_SCIM_SCREENSHOTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
  }
}
