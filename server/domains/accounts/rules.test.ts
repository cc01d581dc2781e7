import * as fc from "fast-check";
import { expect, test } from "vitest";
import { PERMISSIONS, ROLE_PERMISSIONS, ROLES, type Role } from "#platform/permissions.ts";
import {
  InvitationClosed,
  InvitationForAnother,
  isTimeZone,
  LastOwner,
  OwnersOnly,
  whyNotAccept,
  whyNotChangeRole,
  whyNotGrant,
  whyNotInvite,
  whyNotRemoveMember,
} from "./rules.ts";
import { settingsSchema } from "./settings.ts";

const role = fc.constantFrom(...ROLES);
const changer = fc.option(fc.record({ role }), { nil: null });

/** The roles of a workspace after somebody tried one thing after another, each allowed or refused by the rules. */
function play(start: Role[], steps: { by: Role | null; at: number; to: Role | null }[]): Role[] {
  let roles = start;
  for (const { by, at, to } of steps) {
    const index = at % Math.max(1, roles.length);
    const target = roles[index];
    if (target === undefined) continue;
    const owners = roles.filter((one) => one === "OWNER").length;
    const who = by && { role: by };
    if (to === null) {
      if (!whyNotRemoveMember(who, target, owners, false)) roles = roles.toSpliced(index, 1);
    } else if (!whyNotChangeRole(who, target, to, owners)) roles = roles.with(index, to);
  }
  return roles;
}

test("whatever is tried, by whomever, a workspace keeps an owner", () => {
  const step = fc.record({ by: fc.option(role, { nil: null }), at: fc.nat(20), to: fc.option(role, { nil: null }) });
  fc.assert(
    fc.property(fc.array(role, { maxLength: 6 }), fc.array(step, { maxLength: 40 }), (others, steps) => {
      expect(play(["OWNER", ...others], steps)).toContain("OWNER");
    }),
  );
});

test("nobody but an owner makes, changes or removes an owner", () => {
  fc.assert(
    fc.property(changer, role, role, fc.integer({ min: 2, max: 9 }), (by, from, to, owners) => {
      const touchesOwner = from !== to && (from === "OWNER" || to === "OWNER");
      const expected = by && by.role !== "OWNER" && touchesOwner ? OwnersOnly : null;
      expect(whyNotChangeRole(by, from, to, owners)).toBe(expected);
      expect(whyNotInvite(by, to)).toBe(by && by.role !== "OWNER" && to === "OWNER" ? OwnersOnly : null);
      expect(whyNotRemoveMember(by, from, owners, false)).toBe(
        by && by.role !== "OWNER" && from === "OWNER" ? OwnersOnly : null,
      );
    }),
  );
});

test("anyone may leave, except the last owner", () => {
  for (const mine of ROLES) {
    expect(whyNotRemoveMember({ role: mine }, mine, 1, true)).toBe(mine === "OWNER" ? LastOwner : null);
    expect(whyNotRemoveMember({ role: mine }, mine, 2, true)).toBeNull();
  }
});

test("a key is given permissions only by somebody who has them all", () => {
  fc.assert(
    fc.property(role, fc.subarray([...PERMISSIONS], { minLength: 1 }), (holder, scopes) => {
      const held = new Set(ROLE_PERMISSIONS[holder]);
      expect(whyNotGrant(held, scopes) === null).toBe(scopes.every((scope) => held.has(scope)));
    }),
  );
});

test("an invitation is for one address, until it is accepted, cancelled or over", () => {
  const now = new Date("2026-03-02T12:00:00Z");
  const open = {
    email: "ada@example.com",
    acceptedAt: null,
    cancelledAt: null,
    expiresAt: new Date(now.getTime() + 1),
  };
  expect(whyNotAccept(open, "Ada@Example.com", now)).toBeNull();
  expect(whyNotAccept(open, "bob@example.com", now)).toBe(InvitationForAnother);
  expect(whyNotAccept({ ...open, expiresAt: now }, open.email, now)).toBe(InvitationClosed);
  expect(whyNotAccept({ ...open, acceptedAt: now }, open.email, now)).toBe(InvitationClosed);
  expect(whyNotAccept({ ...open, cancelledAt: now }, open.email, now)).toBe(InvitationClosed);
});

test("a zone is an IANA name, not an offset and not a guess", () => {
  for (const name of ["America/New_York", "UTC", "Asia/Kathmandu"]) expect(isTimeZone(name)).toBe(true);
  for (const name of ["", "+02:00", "Mars/Olympus", "EST5EDT; drop", "America"]) expect(isTimeZone(name)).toBe(false);
});

const faults = (change: object) =>
  settingsSchema
    .partial()
    .safeParse(change)
    .error?.issues.map(({ path }) => path.join("/")) ?? [];

test("settings refuse what cannot be meant, each fault at its field", () => {
  expect(faults({ timeZone: "Mars/Olympus" })).toEqual(["timeZone"]);
  expect(faults({ country: "XX" })).toEqual(["country"]);
  expect(faults({ country: "us" })).toEqual(["country"]);
  expect(faults({ senderEmail: "nobody" })).toEqual(["senderEmail"]);
  expect(faults({ senderEmail: "" })).toEqual([]);
  expect(faults({ sendWindow: { days: [1, 1], start: "09:00", end: "17:00" } })).toEqual(["sendWindow/days"]);
  expect(faults({ sendWindow: { days: [8], start: "09:00", end: "17:00" } })).toEqual(["sendWindow/days/0"]);
  expect(faults({ sendWindow: { days: [1], start: "9:00", end: "24:00" } })).toEqual(["sendWindow/start"]);
  expect(faults({ sendWindow: { days: [1], start: "09:00", end: "09:00" } })).toEqual(["sendWindow/end"]);
  expect(faults({ sendWindow: { days: [1], start: "22:00", end: "06:00", zone: "UTC" } })).toEqual([]);
  expect(faults({ holidays: ["2026-02-30"] })).toEqual(["holidays/0"]);
  expect(faults({ capPerWeek: 0 })).toEqual(["capPerWeek"]);
});
