import { describe, expect, test } from "vitest";

import { readTranscript, readsAsOptOutInTranscript } from "./transcript.ts";

describe("a call's transcript reads as an opt-out", () => {
  test.each([
    "I'm not interested, stop calling.",
    "Not interested.",
    "Sorry, I'm really not interested in this.",
    "We are no longer interested, thank you.",
    "I have no interest in that",
    "Take me off your list.",
    "Please remove my number from your system",
    "Don’t call me again!",
    "Do not ever call this number again",
    "Stop calling this number.",
    "stop texting me",
    "I don't want any more calls",
    "Put me on your do not call list.",
    "Leave me alone",
    "Could you opt me out please",
    "AI: Hello, this is Alex.\nUser: Don't call me\nat home, ever. Stop contacting us.\nAI: I'm sorry.",
    "I was interested last year, but now I'm not interested.",
  ])("%j", (transcript) => {
    expect(readsAsOptOutInTranscript(transcript)).toBe(true);
  });
});

describe("a call's transcript does not read as an opt-out", () => {
  test.each([
    ["I'm interested, tell me more.", "interested"],
    ["Sounds great, call me back tomorrow", "interested"],
    ["AI: If you are not interested, just say stop calling.\nUser: No no, I am interested.", "interested"],
    ["It's not that I'm not interested, I am just driving.", "unclear"],
    ["I didn't say I was not interested.", "unclear"],
    ["Please don't stop calling, I forget things.", "unclear"],
    ["Stop calling it a discount.", "unclear"],
    ["Don't call me before nine.", "unclear"],
    ["Don't call me sir.", "unclear"],
    ["No.", "unclear"],
    ["", "unclear"],
  ])("%j, but as %s", (transcript, verdict) => {
    expect(readTranscript(transcript).verdict).toBe(verdict);
    expect(readsAsOptOutInTranscript(transcript)).toBe(false);
  });
});

test("a refusal is found before the interest it contains, and its words are kept as evidence", () => {
  expect(readTranscript("User: I'm not interested, but it sounds good")).toEqual({
    verdict: "opt_out",
    phrase: "not interested",
  });
});
