// A server of the test's own: `insomnia-scim demo` in an empty folder, with mails and DNS records in files.

import { spawn, execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { once } from "node:events";
import { randomUUID } from "node:crypto";

export const program = process.env.INSOMNIA_SCIM_TEST_BIN ?? "target/debug/insomnia-scim";

/** The databases of this run: SQLite, and PostgreSQL where there is a server. */
export const databases = ["sqlite", ...(process.env.INSOMNIA_SCIM_TEST_POSTGRES ? ["postgres"] : [])];

/** Makes an empty database; gives its URL, or nothing for the demo's own file. */
const made = (database) => {
  if (database === "sqlite") return [];
  const server = process.env.INSOMNIA_SCIM_TEST_POSTGRES;
  const name = `browser_${randomUUID().replaceAll("-", "")}`;
  execFileSync("psql", [server, "--quiet", "--command", `CREATE DATABASE ${name}`]);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return ["--database-url", url.href];
};

export class Server {
  /** Starts a demo and waits until it says that it listens. */
  static async start(database) {
    // A setting that the surroundings have is none of the test's.
    const isSetting = ([name]) => name === "DATABASE_URL" || name.startsWith("INSOMNIA_SCIM_");
    const env = Object.fromEntries(Object.entries(process.env).filter((one) => !isSetting(one)));
    const folder = mkdtempSync(join(tmpdir(), "insomnia-browser-"));
    const process_ = spawn(
      join(process.cwd(), program),
      ["demo", "--listen", "127.0.0.1:0", ...made(database)],
      { cwd: folder, stdio: ["ignore", "pipe", "pipe"], env },
    );
    const server = new Server(folder, process_);
    let said = "";
    await new Promise((resolve, reject) => {
      const hear = (part) => {
        said += part;
        if (said.includes("listening on")) resolve();
      };
      process_.stdout.on("data", hear);
      process_.stderr.on("data", hear);
      process_.on("exit", () => reject(new Error(`the demo ended:\n${said}`)));
    });
    server.said = said;
    server.url = said.match(/Admin API +(http:\/\/[^/\s]+)/)[1];
    return server;
  }

  constructor(folder, process_) {
    this.folder = folder;
    this.process = process_;
    this.read = new Set();
  }

  async stop() {
    this.process.removeAllListeners("exit");
    const ended = once(this.process, "exit");
    this.process.kill("SIGTERM");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the demo printed under this name. */
  printed(name) {
    const line = this.said.split("\n").find((line) => line.startsWith(name));
    return line.slice(name.length).trim().split(" ")[0];
  }

  /** The link in the next mail to an address that was not read yet. */
  async link(address) {
    const mails = join(this.folder, "insomnia-scim-demo", "mails");
    for (let tries = 0; tries < 400; tries += 1) {
      for (const file of readdirSync(mails).sort()) {
        if (this.read.has(file)) continue;
        const text = readFileSync(join(mails, file), "utf8").replace(/=\r?\n/g, "").replace(/=3D/g, "=");
        if (!text.toLowerCase().includes(`to: ${address.toLowerCase()}`)) continue;
        const link = text.match(/http:\/\/127\.0\.0\.1[^\s"<>]+/);
        this.read.add(file);
        if (link) return link[0];
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`no mail to ${address}`);
  }

  /** Publishes a TXT record. */
  publish(name, value) {
    appendFileSync(join(this.folder, "insomnia-scim-demo", "dns.txt"), `${name} ${value}\n`);
  }
}
