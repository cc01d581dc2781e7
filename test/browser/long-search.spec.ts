import { expect, test } from "vitest";
import { heading } from "./acts.ts";
import { openStage } from "./stage.ts";

test("a list goes on by itself where pages come short, says how far it is, and stops and goes on by its button", async () => {
  const stage = await openStage();
  const { world } = stage;
  await world.request("POST", "/leads", { body: { firstName: "Rare", lastName: "Bird", email: "rare@example.com" } });
  const context = await stage.visit();
  // Answers as a workspace of a million leads gives them: the test lets each go, and the last is the server's own.
  const held: (() => void)[] = [];
  let asked = 0;
  await context.route(/\/api\/v1\/leads\?/, async (route) => {
    asked += 1;
    const place = asked;
    if (place > 1) await new Promise<void>((resolve) => held.push(resolve));
    const page = { data: [], next_cursor: `after-${place}`, has_more: true, similar: false, looked: 5_000 };
    if (place < 3) await route.fulfill({ json: page });
    else
      await route.fulfill({
        response: await route.fetch({
          url: route
            .request()
            .url()
            .replace(/cursor=[^&]*&?/, ""),
        }),
      });
  });
  const page = await context.newPage();
  await page.goto("/leads?q=rare");
  await heading(page, "Leads").waitFor();
  await page.getByText("Searching… 5,000 leads looked through").waitFor();
  expect(await page.getByText("No leads match").count()).toBe(0);

  const button = page.getByRole("button", { name: "Stop" });
  await button.focus();
  await page.keyboard.press("Enter");
  held.shift()?.();
  await page.getByText("Stopped: 10,000 leads looked through", { exact: true }).waitFor();
  expect(asked).toBe(2);

  // The button that has the focus is the one that goes on.
  await page.keyboard.press("Enter");
  await expect.poll(() => held.length).toBe(1);
  held.shift()?.();
  await page.getByRole("row", { name: /Rare Bird/ }).waitFor();
  expect(await page.getByText("looked through").count()).toBe(0);
  expect(await page.getByRole("grid", { name: "Leads" }).evaluate((grid) => grid === document.activeElement)).toBe(
    true,
  );
});

test("what a long search has found stays as it was found, says so, and is looked for anew by its button", async () => {
  const stage = await openStage();
  const { world } = stage;
  const add = (firstName: string) =>
    world.request("POST", "/leads", { body: { firstName, lastName: "Wren", email: `${firstName}@example.com` } });
  await add("First");
  const context = await stage.visit();
  let asked = 0;
  // Five short pages, as of a workspace of a million leads, and then the server's own.
  await context.route(/\/api\/v1\/leads\?/, async (route) => {
    asked += 1;
    const page = { data: [], next_cursor: `after-${asked}`, has_more: true, similar: false, looked: 5_000 };
    if (asked % 6 !== 0) return route.fulfill({ json: page });
    const url = route
      .request()
      .url()
      .replace(/cursor=[^&]*&?/, "");
    return route.fulfill({ response: await route.fetch({ url }) });
  });
  const page = await context.newPage();
  await page.goto("/leads?q=wren");
  await page.getByRole("row", { name: /First Wren/ }).waitFor();
  await page.getByText("As found in 25,000 leads. What has changed since is not shown.").waitFor();
  expect(asked).toBe(6);

  await add("Second");
  await page.getByRole("button", { name: "Search again" }).click();
  await page.getByRole("row", { name: /Second Wren/ }).waitFor();
  expect(asked).toBe(12);
});
