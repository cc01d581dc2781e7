import { Client } from "pg";
import { expect, inject, onTestFinished, test } from "vitest";
import { socketDirOf } from "./embedded-files.ts";

test("the embedded database is met through a socket in its own directory, and over the loopback where there can be none", () => {
  expect(socketDirOf("/srv/throughline/.data/postgres", "linux")).toBe("/srv/throughline/.data/postgres");
  expect(socketDirOf("/opt/throughline/.data/postgres", "darwin")).toBe("/opt/throughline/.data/postgres");
  expect(socketDirOf("C:/throughline/.data/postgres", "win32")).toBe("");
  expect(socketDirOf("/srv/two, places/.data/postgres", "linux")).toBe("");
  expect(socketDirOf(`/srv/${"deep/".repeat(20)}.data/postgres`, "linux")).toBe("");
});

test("a connection to the embedded database has no network address, and the loopback still answers who asks for it", async () => {
  const addressOf = async (url: URL) => {
    const client = new Client({ connectionString: url.toString() });
    await client.connect();
    onTestFinished(() => client.end());
    const { rows } = await client.query<{ address: string | null }>("select host(inet_client_addr()) as address");
    return rows[0]?.address;
  };
  const url = new URL(inject("adminUrl"));
  expect(await addressOf(url)).toBeNull();
  url.searchParams.delete("host");
  expect(await addressOf(url)).toBe("127.0.0.1");
});
