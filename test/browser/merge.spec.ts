import { test } from "vitest";
import { choose, heading } from "./acts.ts";
import { openStage } from "./stage.ts";

test("a lead is merged from its page, and the address of the one that went leads to the one that stayed", async () => {
  const stage = await openStage();
  const { make } = stage.world;
  const stays = await make.lead({ firstName: "Grace", lastName: "Okafor" });
  const goes = await make.lead({ firstName: "Gracie", lastName: "Okafor" });
  // The page of the lead that goes is still open when it goes, and is asked for once more at the end.
  stage.complaints.expect(new RegExp(`(410 \\(Gone\\)|404 \\(Not Found\\)).*/leads/${goes.id}`));
  stage.complaints.expect(/ProblemError: It is part of the lead/);
  const page = await stage.open(`/leads/${goes.id}`);
  await heading(page, "Gracie Okafor").waitFor();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Merge with…" }).click();
  const asked = page.getByRole("dialog", { name: "Merge Gracie Okafor with another lead" });
  await choose(asked.getByRole("combobox", { name: "The other lead" }), "Grace Okafor");
  await asked.getByRole("button", { name: "Compare" }).click();
  const dialog = page.getByRole("dialog", { name: "Merge two leads" });
  await dialog.getByRole("button", { name: "The other way round" }).click();
  await dialog.getByText("Grace Okafor stays").waitFor();
  await dialog.getByRole("button", { name: "Merge leads" }).click();
  await page.waitForURL(`**/leads/${stays.id}`);
  await heading(page, "Grace Okafor").waitFor();

  await page.goto(`/leads/${goes.id}`);
  await page.getByText("This lead is part of another now").waitFor();
  await page.getByRole("link", { name: "Open Grace Okafor" }).click();
  await heading(page, "Grace Okafor").waitFor();
});

test("the list of leads says how many pairs may be one person, and leads to them", async () => {
  const stage = await openStage();
  const { make } = stage.world;
  await make.lead({ firstName: "Ada", email: "ada@one.example", phone: "+14155550143" });
  await make.lead({ firstName: "Adah", email: "ada@two.example", phone: "+14155550143" });
  const page = await stage.open("/leads");
  await heading(page, "Leads").waitFor();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Duplicates (1)" }).click();
  await heading(page, "Duplicates").waitFor();
});
