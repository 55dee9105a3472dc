// A program against the generated client: it compiles only where the document says what it uses.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated.js";

// All that is needed of Node's own types.
declare const process: { argv: string[] };

type Team = components["schemas"]["Team"];
type Problem = components["schemas"]["Problem"];

const client = createClient<paths>({
  baseUrl: process.argv[2] ?? "",
  headers: { authorization: `Bearer ${process.argv[3] ?? ""}` },
});

function failed(problem: Problem): never {
  throw new Error(`${problem.status} ${problem.type}: ${problem.detail}`);
}

async function create(name: string): Promise<Team> {
  const { data, error } = await client.POST("/api/v1/teams", { body: { name, role: "admin" } });
  return data ?? failed(error);
}

async function* teams(): AsyncGenerator<Team> {
  let cursor: string | null | undefined;
  do {
    const query = cursor ? { cursor, limit: 2 } : { limit: 2 };
    const { data, error } = await client.GET("/api/v1/teams", { params: { query } });
    const page: components["schemas"]["TeamList"] = data ?? failed(error);
    yield* page.items;
    cursor = page.next_cursor;
  } while (cursor);
}

const made = await create("Flight");
// Words are types: this line does not compile where the document says only "string".
const role: "member" | "admin" = made.role;
await create("Sales");
await create("Crew");
const names: string[] = [];
for await (const team of teams()) {
  names.push(team.name);
}
const path = { params: { path: { id: made.id } } };
const changed = await client.PATCH("/api/v1/teams/{id}", { ...path, body: { name: "Cargo" } });
const gone = await client.DELETE("/api/v1/teams/{id}", path);
const refused = await client.GET("/api/v1/teams/{id}", path);
console.log(
  JSON.stringify({
    role,
    names,
    renamed: changed.data?.name,
    gone: gone.response.status,
    refused: refused.error?.type,
  }),
);
