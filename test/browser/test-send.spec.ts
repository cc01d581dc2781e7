import { expect, test } from "vitest";
import { connectSandbox } from "#platform/integrations/commands/connect.ts";
import { heading } from "./acts.ts";
import { openStage } from "./stage.ts";

test("a connected vendor is tried with one message to an address of one's own, and says what became of it", async () => {
  const stage = await openStage();
  const { world } = stage;
  await connectSandbox(world.runtime, world.ctx, "sandbox-email");
  const page = await stage.open("/settings/integrations");
  await heading(page, "Integrations").waitFor();
  await page.getByRole("button", { name: "Send test" }).click();
  const dialog = page.getByRole("dialog", { name: "Send a test" });
  const address = dialog.getByLabel("To this e-mail address");
  await address.waitFor();
  const own = await address.inputValue();
  expect(own).toContain("@");
  await dialog.getByRole("button", { name: "Send test" }).click();
  await dialog.getByRole("status").getByText("Sent").waitFor();
  expect(await world.sandbox.emails()).toMatchObject([{ to: own, subject: "Test message" }]);
});
