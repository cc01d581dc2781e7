import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { z } from "zod";
import { buildSequence, choose, go, heading, signIn, writeScript } from "./acts.ts";
import { makeNewcomer } from "./newcomer.ts";
import { type Stage, openStage } from "./stage.ts";

const FILE = join(import.meta.dirname, "../fixtures/leads-crm-export.csv");
/** Somebody of the file, in Texas. */
const LEAD = { name: "Leo Xu", email: "leo.xu@samplemail.example", phone: "+15125550138" };
const NOON = "2026-03-02T12:00:00.000Z";

const deliveries = z.object({
  data: z.array(z.object({ channel: z.string(), direction: z.string(), to: z.string(), at: z.string() })),
});

/** What the sandbox was given to send, oldest first, as the API tells it to whoever is signed in on this page. */
async function sent(page: Page): Promise<string[][]> {
  const answer = await page.request.get("/api/v1/sandbox/deliveries?limit=100");
  return deliveries
    .parse(await answer.json())
    .data.filter(({ direction }) => direction === "outbound")
    .toReversed()
    .map(({ channel, to, at }) => [channel, to, at]);
}

async function importLeads(page: Page, stage: Stage): Promise<void> {
  await go(page, "Leads");
  await page.getByRole("link", { name: "Import", exact: true }).click();
  await page.getByLabel("File to import").setInputFiles(FILE);
  await heading(page, "leads-crm-export.csv").waitFor();
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText(/would be new leads/).waitFor();
  await page.goBack();
  await page.getByRole("heading", { name: "Columns" }).waitFor();
  await page.goForward();
  await page.getByText(/would be new leads/).waitFor();
  await page.getByRole("button", { name: /^Import about .* rows$/ }).click();
  await page.getByRole("progressbar", { name: "Importing" }).waitFor();
  await stage.advance(0);
  await page.getByText(/^600 rows were read/).waitFor();
  const report = { "New leads": "566", Updated: "16", Unchanged: "18", "Left out": "0" };
  for (const [name, count] of Object.entries(report))
    await page
      .getByRole("term")
      .filter({ hasText: name })
      .locator("xpath=..")
      .getByText(count, { exact: true })
      .waitFor();
}

async function writeScripts(page: Page): Promise<void> {
  await writeScript(page, {
    channel: "E-mail",
    name: "First mail",
    fields: { Subject: "An idea for {{ firstName }}", Body: "Hi {{ firstName }}, may we show you?" },
  });
  await writeScript(page, {
    channel: "SMS",
    name: "Short text",
    fields: { Text: "Hi {{ firstName }}, did our mail reach you? Reply STOP to opt out." },
  });
  await writeScript(page, {
    channel: "Call",
    name: "First call",
    fields: { "Opens with": "Hello {{ firstName }}!", Instructions: "Be friendly and brief." },
  });
}

async function startSequence(page: Page): Promise<void> {
  await buildSequence(page, "Welcome", [
    { channel: "E-mail", script: "First mail", wait: "0", unit: "Hours" },
    { channel: "SMS", script: "Short text", wait: "12", unit: "Hours" },
    { channel: "Call", script: "First call", wait: "2", unit: "Days" },
  ]);
  await page.getByRole("button", { name: "Start sequence" }).click();
  await page.getByText("Active", { exact: true }).first().waitFor();
}

/** Finds the lead by its name and enrols it on its page, which stays open. */
async function enrol(page: Page): Promise<void> {
  await openLead(page);
  await page.getByRole("button", { name: "Enrol in sequence" }).click();
  const dialog = page.getByRole("dialog", { name: `Enrol ${LEAD.name} in a sequence` });
  await choose(dialog.getByRole("combobox", { name: "Sequence" }), "Welcome");
  await dialog.getByRole("button", { name: "Enrol", exact: true }).click();
  await dialog.waitFor({ state: "detached" });
}

/** Answers on the phone of the sandbox, as the lead. */
async function answerOnPhone(page: Page, stage: Stage, text: string): Promise<void> {
  await go(page, "Sandbox");
  await page.getByRole("region", { name: "Phone" }).getByRole("button", { name: LEAD.phone }).click();
  await page.getByLabel(`Answer as ${LEAD.phone}`).fill(text);
  await page.getByRole("button", { name: "Send answer" }).click();
  await page
    .getByRole("log", { name: `Texts with ${LEAD.phone}` })
    .getByText(text)
    .waitFor();
  await stage.advance(0);
}

async function openLead(page: Page): Promise<void> {
  await go(page, "Leads");
  await page.getByLabel("Search leads").fill(LEAD.email);
  await page.getByRole("link", { name: LEAD.name }).click();
  await page.getByRole("complementary", { name: LEAD.name }).getByRole("link", { name: "Open page" }).click();
  await heading(page, LEAD.name).waitFor();
}

async function prepared(stage: Stage): Promise<Page> {
  // The preview of a mail is a frame that runs nothing; Playwright tries to set its clock there all the same.
  stage.complaints.expect(/Blocked script execution in 'about:srcdoc'/);
  const page = await stage.open("/sign-in", { as: null });
  await signIn(page, await makeNewcomer(stage.world));
  await importLeads(page, stage);
  await writeScripts(page);
  await startSequence(page);
  await enrol(page);
  return page;
}

test("from signing in to a stopped sequence: import, scripts, steps, enrolment, two touches, an answer on the phone", async () => {
  const stage = await openStage();
  const page = await prepared(stage);
  await stage.advance(60 * 13);
  await answerOnPhone(page, stage, "Sounds good, call me");
  await stage.advance(60 * 24 * 7);

  expect(await sent(page)).toEqual([
    ["EMAIL", LEAD.email, NOON],
    ["SMS", LEAD.phone, "2026-03-03T00:00:00.000Z"],
  ]);
  await openLead(page);
  const sequences = page.getByRole("region", { name: "Sequences" });
  await sequences.getByText("Stopped: the lead replied").waitFor();
  await sequences.getByRole("button", { name: "Why, Welcome" }).click();
  const why = page.getByRole("dialog", { name: "Welcome" });
  await why.getByRole("button", { name: /3\. First call.*Skipped.*the lead replied/i }).waitFor();
});

test("three touches at their instants, then an answer: the sequence was over and says so", async () => {
  const stage = await openStage();
  const page = await prepared(stage);
  await stage.advance(60 * 24 * 3);
  expect(await sent(page)).toEqual([
    ["EMAIL", LEAD.email, NOON],
    ["SMS", LEAD.phone, "2026-03-03T00:00:00.000Z"],
    ["CALL", LEAD.phone, "2026-03-05T00:00:00.000Z"],
  ]);
  await go(page, "Messages");
  for (const [channel, at] of [
    ["E-mail", NOON],
    ["SMS", "2026-03-03T00:00:00.000Z"],
    ["Call", "2026-03-05T00:00:00.000Z"],
  ])
    await page.getByRole("row").filter({ hasText: channel }).locator(`time[datetime="${at}"]`).first().waitFor();
  await answerOnPhone(page, stage, "Sounds good, call me");
  await stage.advance(60 * 24 * 7);
  expect(await sent(page)).toHaveLength(3);
  await openLead(page);
  await page.getByRole("region", { name: "Sequences" }).getByText("Completed: every step is done").waitFor();
});
