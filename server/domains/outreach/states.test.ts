import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import {
  CAMPAIGN_LEAD_STATUSES,
  EXECUTION_STATUSES,
  type ExecutionStatus,
  type ScriptToActivate,
  type StepToActivate,
  nextCampaignLeadStatus,
  nextExecutionStatus,
  whyNotActivateCampaign,
  whyNotActivateSequence,
  whyNotArchive,
  whyNotCancelEnrollment,
  whyNotCompleteCampaign,
  whyNotDelete,
  whyNotEnroll,
  whyNotPause,
  whyNotPauseCampaign,
  whyNotPauseEnrollment,
  whyNotResume,
  whyNotResumeEnrollment,
} from "./states.ts";

const NOW = new Date("2026-03-02T12:00:00Z");

describe("an execution", () => {
  test("is DELIVERED once, whether told before SENT or 46 times", () => {
    const told: ExecutionStatus[] = ["DELIVERED", "SENT", ...Array<ExecutionStatus>(45).fill("DELIVERED"), "SCHEDULED"];
    expect(told.reduce(nextExecutionStatus, "SCHEDULED")).toBe("DELIVERED");
  });

  test("fails after a late bounce, and is not skipped once it was sent", () => {
    expect(nextExecutionStatus("DELIVERED", "FAILED")).toBe("FAILED");
    expect(nextExecutionStatus("SCHEDULED", "SKIPPED")).toBe("SKIPPED");
    expect(nextExecutionStatus("SENT", "SKIPPED")).toBe("SENT");
  });

  test("never goes back, and hears the same thing twice as once", () => {
    const status = fc.constantFrom(...EXECUTION_STATUSES);
    fc.assert(
      fc.property(status, status, (from, told) => {
        const next = nextExecutionStatus(from, told);
        expect([from, told]).toContain(next);
        expect(nextExecutionStatus(next, told)).toBe(next);
        expect(nextExecutionStatus(next, from)).toBe(next);
      }),
    );
  });
});

test("a lead in a campaign moves forward only, and keeps how it ended", () => {
  expect(nextCampaignLeadStatus("PENDING", "IN_PROGRESS")).toBe("IN_PROGRESS");
  expect(nextCampaignLeadStatus("IN_PROGRESS", "PENDING")).toBe("IN_PROGRESS");
  for (const told of CAMPAIGN_LEAD_STATUSES) expect(nextCampaignLeadStatus("FAILED", told)).toBe("FAILED");
});

describe("a sequence is not activated", () => {
  const step: StepToActivate = { stepOrder: 0, channel: "SMS", scriptId: "script_1", isActive: true };
  const script: ScriptToActivate = { id: "script_1", name: "Hello", type: "SMS", faults: [] };
  const sandbox = { type: "SMS", isActive: true } as const;
  const faults = (
    steps: StepToActivate[],
    scripts: ScriptToActivate[] = [script],
    integrations: Parameters<typeof whyNotActivateSequence>[3] = [sandbox],
  ) => whyNotActivateSequence({ status: "DRAFT" }, steps, scripts, integrations, true);

  test("while it is active or archived; a draft and a paused one are", () => {
    expect(whyNotActivateSequence({ status: "ACTIVE" }, [step], [script], [sandbox], true)).toMatchObject([
      { code: "already_active" },
    ]);
    expect(whyNotActivateSequence({ status: "ARCHIVED" }, [step], [script], [sandbox], true)).toMatchObject([
      { code: "archived" },
    ]);
    expect(whyNotActivateSequence({ status: "PAUSED" }, [step], [script], [sandbox], true)).toEqual([]);
    expect(faults([step])).toEqual([]);
  });

  test("without an active step", () => {
    expect(faults([])).toMatchObject([{ code: "no_active_step" }]);
    expect(faults([{ ...step, isActive: false, scriptId: null }])).toMatchObject([{ code: "no_active_step" }]);
  });

  test("with a step whose script is missing, gone or of another channel, each named by its place", () => {
    const steps = [
      { ...step, stepOrder: 2, channel: "CALL", scriptId: "script_1" } as const,
      { ...step, scriptId: null },
      { ...step, stepOrder: 1, scriptId: "script_9" },
    ];
    expect(faults(steps, [script], [sandbox, { type: "CALL", isActive: true }])).toEqual([
      { code: "step_without_script", detail: "Step 1 (SMS) has no script" },
      { code: "script_not_found", detail: "Step 2 (SMS): its script no longer exists" },
      { code: "script_of_other_channel", detail: 'Step 3 (Call): script "Hello" is written for SMS' },
    ]);
  });

  test("with an unknown variable, naming script and variable once however many steps use it", () => {
    const broken = { ...script, faults: [{ code: "unknown_variable", detail: "unknown variable fristName" }] };
    expect(faults([step, { ...step, stepOrder: 1 }], [broken])).toEqual([
      { code: "script_fault", detail: 'Script "Hello": unknown variable fristName' },
    ]);
  });

  test("without an active integration or sandbox for each channel in use", () => {
    expect(
      faults(
        [step],
        [script],
        [
          { type: "SMS", isActive: false },
          { type: "EMAIL", isActive: true },
        ],
      ),
    ).toEqual([{ code: "no_integration", detail: "No active integration for SMS" }]);
  });
});

test("a sequence is paused, resumed, archived and deleted only from the states that allow it", () => {
  expect([whyNotPause({ status: "ACTIVE" }), whyNotResume({ status: "PAUSED" })]).toEqual([null, null]);
  expect(whyNotPause({ status: "DRAFT" })?.code).toBe("not_active");
  expect(whyNotResume({ status: "ARCHIVED" })?.code).toBe("not_paused");
  expect([whyNotArchive({ status: "ACTIVE" }), whyNotArchive({ status: "PAUSED" })]).toEqual([null, null]);
  expect(whyNotArchive({ status: "DRAFT" })?.code).toBe("never_active");
  expect(whyNotArchive({ status: "ARCHIVED" })?.code).toBe("archived");
  expect(whyNotDelete({ status: "DRAFT", enrollments: 0 })).toBeNull();
  expect(whyNotDelete({ status: "ACTIVE", enrollments: 0 })?.code).toBe("active");
  expect(whyNotDelete({ status: "ARCHIVED", enrollments: 3 })?.code).toBe("has_history");
});

test("a campaign is activated, paused and completed only from the states that allow it", () => {
  expect(whyNotActivateCampaign({ status: "DRAFT", endDate: null }, NOW)).toBeNull();
  expect(whyNotActivateCampaign({ status: "PAUSED", endDate: new Date("2026-04-01") }, NOW)).toBeNull();
  expect(whyNotActivateCampaign({ status: "DRAFT", endDate: NOW }, NOW)?.code).toBe("end_date_passed");
  expect(whyNotActivateCampaign({ status: "COMPLETED", endDate: null }, NOW)?.code).toBe("completed");
  expect(whyNotActivateCampaign({ status: "ACTIVE", endDate: null }, NOW)?.code).toBe("already_active");
  expect(whyNotPauseCampaign({ status: "ACTIVE" })).toBeNull();
  expect(whyNotPauseCampaign({ status: "PAUSED" })?.code).toBe("not_active");
  expect(whyNotCompleteCampaign({ status: "PAUSED" })).toBeNull();
  expect(whyNotCompleteCampaign({ status: "DRAFT" })?.code).toBe("never_active");
  expect(whyNotCompleteCampaign({ status: "COMPLETED" })?.code).toBe("completed");
});

describe("a lead enters a sequence", () => {
  type Asked = Parameters<typeof whyNotEnroll>[0];
  const why = (changes: Partial<Asked>) =>
    whyNotEnroll({
      sequence: { status: "ACTIVE" },
      lead: { status: "NEW" },
      existing: null,
      reentry: { rule: "never" },
      by: "trigger",
      now: NOW,
      ...changes,
    })?.code ?? null;
  const left = { status: "COMPLETED", endedAt: new Date("2026-02-20T12:00:00Z") } as const;

  test("while the sequence is active and the lead's status allows it", () => {
    expect(why({})).toBeNull();
    expect(why({ sequence: { status: "PAUSED" } })).toBe("sequence_not_active");
    expect(why({ lead: { status: "NEW", erasedAt: NOW } })).toBe("lead_erased");
    expect(why({ lead: { status: "LOST" } })).toBe("lead_status");
    expect(why({ lead: { status: "LOST" }, allowStatuses: ["LOST"] })).toBeNull();
    expect(why({ allowStatuses: ["LOST"] })).toBe("lead_status");
  });

  test("once at a time", () => {
    for (const status of ["ACTIVE", "PAUSED"] as const) {
      expect(why({ existing: { status, endedAt: null }, by: "person", reentry: { rule: "always" } })).toBe(
        "already_enrolled",
      );
    }
  });

  test("again by a person, or by a trigger that the re-entry rule lets through", () => {
    expect(why({ existing: left })).toBe("no_reentry");
    expect(why({ existing: left, by: "person" })).toBeNull();
    expect(why({ existing: left, reentry: { rule: "always" } })).toBeNull();
    expect(why({ existing: left, reentry: { rule: "after_days", days: 10 } })).toBeNull();
    expect(why({ existing: left, reentry: { rule: "after_days", days: 11 } })).toBe("reentry_too_early");
  });
});

test("an enrollment is resumed by what paused it, and cancelled until it has ended", () => {
  expect(whyNotPauseEnrollment({ status: "ACTIVE" })).toBeNull();
  expect(whyNotPauseEnrollment({ status: "CONVERTED" })?.code).toBe("not_active");
  expect(whyNotResumeEnrollment({ status: "PAUSED", pausedBy: "person" }, "person")).toBeNull();
  expect(whyNotResumeEnrollment({ status: "PAUSED", pausedBy: "sequence" }, "sequence")).toBeNull();
  expect(whyNotResumeEnrollment({ status: "PAUSED", pausedBy: "person" }, "sequence")?.code).toBe("paused_by_other");
  expect(whyNotResumeEnrollment({ status: "PAUSED", pausedBy: "sequence" }, "person")?.detail).toContain("resume that");
  expect(whyNotResumeEnrollment({ status: "ACTIVE", pausedBy: null }, "person")?.code).toBe("not_paused");
  expect(whyNotCancelEnrollment({ status: "PAUSED" })).toBeNull();
  expect(whyNotCancelEnrollment({ status: "COMPLETED" })?.code).toBe("ended");
});
