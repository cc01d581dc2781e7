import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { saved, sendAgain } from "./acts.ts";
import { ANY_HOUR, call, make, makeScripts } from "./sample-workspace.ts";
import { openStage } from "./stage.ts";

const collision = (page: Page) => page.getByRole("dialog", { name: "Changed elsewhere meanwhile" });
const press = (page: Page, name: string) => collision(page).getByRole("button", { name }).click();

test("words that were saved elsewhere under unsaved ones are told before they are written over", async () => {
  const stage = await openStage();
  stage.complaints.expect(/409/);
  const path = `/scripts/${await make(stage.world, "/scripts", { name: "Short text", type: "SMS", content: "Hello" })}`;
  const page = await stage.open(path);
  const text = page.getByLabel("Text", { exact: true });
  await text.fill("Mine");
  await page.getByText("Unsaved changes").waitFor();
  await call(stage.world, "PATCH", path, { content: "Theirs" });
  await page.getByText(/^Saved elsewhere since you began/).waitFor();
  expect(await text.inputValue()).toBe("Mine");

  await page.getByRole("button", { name: "Save script" }).click();
  await collision(page).getByText("Mine", { exact: true }).waitFor();
  await collision(page).getByText("Theirs", { exact: true }).last().waitFor();
  await press(page, "Go on writing");
  await page.getByText("Not saved yet").waitFor();
  expect(await text.inputValue()).toBe("Mine");
  await sendAgain(page);
  await press(page, "Overwrite with mine");
  await page.getByText(/^Saved elsewhere/).waitFor({ state: "detached" });
  expect((await stage.world.request("GET", path)).body).toMatchObject({ content: "Mine" });
});

test("two people who change different fields of a script both keep theirs", async () => {
  const stage = await openStage();
  stage.complaints.expect(/409/);
  const path = `/scripts/${await make(stage.world, "/scripts", { name: "Short text", type: "SMS", content: "Hello" })}`;
  const page = await stage.open(path);
  await page.getByLabel("Text", { exact: true }).fill("Mine");
  await page.getByText("Unsaved changes").waitFor();
  await call(stage.world, "PATCH", path, { name: "Renamed" });
  await page.getByText(/^Saved elsewhere since you began/).waitFor();
  await page.getByRole("button", { name: "Save script" }).click();
  await page.getByText(/^Saved elsewhere/).waitFor({ state: "detached" });
  expect((await stage.world.request("GET", path)).body).toMatchObject({ content: "Mine", name: "Renamed" });
});

test("whoever saves a sequence's draft that somebody else changed compares the steps and takes theirs, or overwrites", async () => {
  const stage = await openStage();
  stage.complaints.expect(/409/);
  const { world } = stage;
  const { email, sms } = await makeScripts(world);
  const path = `/sequences/${await make(world, "/sequences", { name: "Welcome", settings: { sendWindow: ANY_HOUR } })}`;
  const shape = z.object({ steps: z.array(z.object({ id: z.string() })) });
  const put = (steps: readonly object[]) => call(world, "PUT", `${path}/steps`, { steps });
  const { steps } = shape.parse(await put([{ channel: "EMAIL", scriptId: email }]));
  const first = { id: steps[0]?.id, channel: "EMAIL", scriptId: email };
  const page = await stage.open(path);
  const count = (number: number) =>
    page
      .getByRole("list", { name: "Steps" })
      .getByRole("listitem")
      .nth(number - 1);

  await page.getByRole("button", { name: "Add step" }).click();
  await count(2).waitFor();
  await put([first, { channel: "SMS", scriptId: sms, delayValue: 3, delayUnit: "DAYS" }]);
  await page.getByRole("button", { name: "Save steps" }).click();
  await collision(page).getByText("2. SMS: Short text, after 3 days").waitFor();
  await collision(page)
    .getByText(/changed the same/)
    .waitFor();
  await press(page, "Take theirs");
  await saved(page);
  await count(2).getByText("Short text").waitFor();

  // A step of mine that they have deleted is made anew.
  await page.getByRole("button", { name: "Add step" }).click();
  await count(3).waitFor();
  await put([]);
  await page.getByRole("button", { name: "Save steps" }).click();
  await collision(page).getByText("No steps").waitFor();
  await press(page, "Overwrite with mine");
  await saved(page);
  expect(shape.parse((await world.request("GET", path)).body).steps).toHaveLength(3);
});

test("a value of a lead that somebody else changed while it was edited is shown beside one's own", async () => {
  const stage = await openStage();
  stage.complaints.expect(/409/);
  const lead = await stage.world.make.lead({ company: "Old" });
  const path = `/leads/${lead.id}`;
  const page = await stage.open(path);
  await page.getByRole("button", { name: /, edit Company/ }).click();
  const field = page.getByRole("textbox", { name: "Company" });
  await field.fill("Mine");
  await call(stage.world, "PATCH", path, { company: "Theirs" });
  await page.getByText("Changed meanwhile to “Theirs”.").waitFor();
  await field.press("Enter");
  await press(page, "Take theirs");
  await page.getByRole("button", { name: /^Theirs\s?, edit Company$/ }).waitFor();
  expect((await stage.world.request("GET", path)).body).toMatchObject({ company: "Theirs" });
});

test("who saves the workspace's name, a sender or the score's rules over somebody else's change is shown both first", async () => {
  const stage = await openStage();
  stage.complaints.expect(/409/);
  const { world } = stage;
  const overwrite = async (page: Page, mine: string, theirs: string) => {
    await collision(page).getByText(mine, { exact: true }).waitFor();
    await collision(page).getByText(theirs, { exact: true }).last().waitFor();
    await press(page, "Overwrite with mine");
    await collision(page).waitFor({ state: "detached" });
  };

  const page = await stage.open("/settings/workspace");
  await page.getByLabel("Name of the workspace").fill("Mine");
  await call(world, "PATCH", "/workspace", { name: "Theirs" });
  await page.getByRole("button", { name: "Save name" }).click();
  await overwrite(page, "Mine", "Theirs");
  const named = async () => JSON.stringify((await world.request("GET", "/workspaces")).body);
  await expect.poll(named).toContain('"Mine"');

  const sender = `/senders/${await make(world, "/senders", { channel: "SMS", address: "+12025550142", perDay: 200 })}`;
  await page.goto(`/settings/senders?row=${sender.split("/").at(-1)}`);
  await page.getByRole("button", { name: "Change", exact: true }).click();
  await page.getByLabel("A day, at most").fill("11");
  await call(world, "PATCH", sender, { perDay: 12, perMinute: 7 });
  await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await overwrite(page, "11", "12");
  await expect.poll(async () => (await world.request("GET", sender)).body).toMatchObject({ perDay: 11, perMinute: 7 });

  await page.goto("/settings/scoring");
  await page.getByLabel("Days", { exact: true }).fill("11");
  await call(world, "PUT", "/score-rules", { rules: [], halfLifeDays: 12 });
  await page.getByRole("button", { name: "Preview", exact: true }).click();
  await page.getByRole("button", { name: "Apply to all leads" }).click();
  await overwrite(page, "11", "12");
  const rules = async () => (await world.request("GET", "/score-rules")).body;
  // What both do together nobody has seen yet: it is shown before it is applied. What the person left alone is as the other made it.
  await page.getByText("these are both changes together").waitFor();
  await page.getByText("Before and after").waitFor();
  expect(await rules()).toMatchObject({ halfLifeDays: 12 });
  await page.getByRole("button", { name: "Apply to all leads" }).click();
  await expect.poll(rules).toMatchObject({ halfLifeDays: 11, rules: [] });
});

test("who renames a tag that they renamed in another window is told that it was themselves, and somebody else by name", async () => {
  const stage = await openStage();
  stage.complaints.expect(/409/);
  const { world } = stage;
  const path = `/tags/${await make(world, "/tags", { name: "Old" })}`;
  const page = await stage.open("/leads");
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Manage tags" }).click();
  const rename = async (from: string, to: string) => {
    await page.getByRole("button", { name: new RegExp(`^${from}\\s?, edit Name of the tag$`) }).click();
    const field = page.getByRole("textbox", { name: "Name of the tag" });
    await field.fill(to);
    return field;
  };

  const mine = await rename("Old", "Mine");
  await call(world, "PATCH", path, { name: "Also mine" });
  await page.getByText("Changed meanwhile to “Also mine”.").waitFor();
  await mine.press("Enter");
  await collision(page)
    .getByText(/^You changed the same in another window, /)
    .waitFor();
  await press(page, "Overwrite with mine");
  await page.getByText("Name of the tag changed").waitFor();

  const again = await rename("Mine", "Mine again");
  await world.request("PATCH", path, { as: "ADMIN", body: { name: "Theirs" } });
  await page.getByText("Changed meanwhile to “Theirs”.").waitFor();
  await again.press("Enter");
  await collision(page)
    .getByText(/^(?!You )\S.* changed the same /)
    .waitFor();
  await press(page, "Take theirs");
  await page.getByRole("button", { name: /^Theirs\s?, edit Name of the tag$/ }).waitFor();
});
