import { expect, test } from "vitest";
import { initials } from "./avatar.tsx";

test("initials are the first letters of the first and last word, in any script", () => {
  expect(initials("Ana Banerjee")).toBe("AB");
  expect(initials("  maria de la cruz ")).toBe("MC");
  expect(initials("Ömer")).toBe("Ö");
  expect(initials("李 小龙")).toBe("李小");
  expect(initials("𝒜da Lovelace")).toBe("𝒜L");
});

test("a name without letters is a question mark, not a blank", () => {
  expect(initials("")).toBe("?");
  expect(initials("🎉 —")).toBe("?");
});
