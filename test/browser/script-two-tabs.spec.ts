import { expect, test } from "vitest";
import { openStage } from "./stage.ts";

test("words that were saved elsewhere under unsaved ones are told before they are written over", async () => {
  const stage = await openStage();
  const { text } = await stage.world.request("POST", "/scripts", {
    body: { name: "Short text", type: "SMS", content: "Hello" },
  });
  const { id }: { id: string } = JSON.parse(text);
  const page = await stage.open(`/scripts/${id}`);
  await page.getByLabel("Text", { exact: true }).fill("Mine");
  await page.getByText("Unsaved changes").waitFor();
  await stage.world.request("PATCH", `/scripts/${id}`, { body: { content: "Theirs" } });
  await page.getByText(/^Saved elsewhere since you began/).waitFor();
  expect(await page.getByLabel("Text", { exact: true }).inputValue()).toBe("Mine");
});
