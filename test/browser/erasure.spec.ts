import { expect, test } from "vitest";
import { choose, heading } from "./acts.ts";
import { openStage } from "./stage.ts";

test("a consent is written down on a lead's page and taken back, and the person's data is erased with a certificate", async () => {
  const stage = await openStage();
  const lead = await stage.world.make.lead({ firstName: "Grace", lastName: "Okafor" });
  const page = await stage.open(`/leads/${lead.id}`);
  await heading(page, "Grace Okafor").waitFor();

  await page.getByRole("button", { name: "Write down a consent" }).click();
  const consent = page.getByRole("dialog", { name: "Write down a consent" });
  await choose(consent.getByRole("combobox", { name: "For" }), "SMS");
  await consent.getByRole("textbox", { name: "Source" }).fill("Signup form");
  await consent.getByRole("button", { name: "Write down" }).click();
  await page.getByText("SMS: consent", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Take back" }).click();
  await page.getByText("SMS: consent, taken back").waitFor();

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Erase data…" }).click();
  const dialog = page.getByRole("dialog", { name: "Erase the data of Grace Okafor?" });
  await dialog.getByText(/2 addresses, 0 messages/).waitFor();
  await dialog.getByRole("textbox", { name: "Why" }).fill("Asked for it by letter.");
  await dialog.getByRole("textbox", { name: "Type “Grace Okafor” to confirm" }).fill("Grace Okafor");
  await dialog.getByRole("button", { name: "Erase data" }).click();
  const done = page.getByRole("dialog", { name: "The data was erased" });
  await done.getByText("Number").waitFor();
  await done.getByRole("button", { name: "Done" }).click();
  await page.getByText("This person's data was erased. Nothing is sent any more.").waitFor();
  expect(await page.getByText("Grace Okafor").count()).toBe(0);

  await page.goto("/leads/suppressions");
  await page.getByText("Address of an erased person").first().waitFor();
});

test("a workspace asks for consent before calls", async () => {
  const stage = await openStage();
  const page = await stage.open("/settings/workspace");
  await page.getByRole("checkbox", { name: "Calls only with consent" }).click();
  await page.getByRole("button", { name: "Save consent" }).click();
  await expect
    .poll(async () => {
      const { consentPolicy } = await stage.world.ctx.db
        .selectFrom("workspaceSettings")
        .select("consentPolicy")
        .where("workspaceId", "=", stage.world.workspace)
        .executeTakeFirstOrThrow();
      return consentPolicy;
    })
    .toEqual({ EMAIL: false, SMS: false, CALL: true });
});
