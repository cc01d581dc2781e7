import { expect, test } from "vitest";
import { z } from "zod";
import { testWorld } from "#test/world.ts";
import { countLockWaiters } from "#test/lock-waiters.ts";
import { until } from "#test/vendors.ts";

const page = z.object({ data: z.array(z.object({ id: z.string() })), next_cursor: z.string().nullable() });

test("a lead that is deleted while its page is read leaves a page that goes on", async () => {
  const world = await testWorld();
  const ids: string[] = [];
  for (let made = 0; made < 5; made += 1) ids.push((await world.make.lead({})).id);
  ids.sort();
  const list = async (cursor = "") =>
    page.parse(
      (await world.request("GET", `/leads?sort=score&order=asc&limit=2${cursor && `&cursor=${cursor}`}`)).body,
    );

  const client = await world.app.ownerPool.connect();
  try {
    await client.query("begin; lock table leads in access exclusive mode");
    await client.query("delete from leads where id = $1", [ids[0]]);
    // It has found its leads by their scores, and waits for the rest of them.
    const reading = list();
    await until(async () => (await countLockWaiters(world)) > 0);
    await client.query("commit");
    const first = await reading;
    expect(first.data.map(({ id }) => id)).toEqual(ids.slice(1, 3));
    const { data } = await list(first.next_cursor ?? "none");
    expect(data.map(({ id }) => id)).toEqual(ids.slice(3, 5));
  } finally {
    client.release();
  }
});
