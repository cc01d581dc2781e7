import { describe, expect, test } from "vitest";

import { readOptWord } from "./opt-out.ts";

describe("a text that is nothing but the word", () => {
  test.each(["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT"])(
    "%s opts out",
    (word) => {
      expect(readOptWord(word)).toBe("opt_out");
      expect(readOptWord(word.toLowerCase())).toBe("opt_out");
    },
  );

  test.each([
    "  Stop. ",
    "stop!!!",
    "“STOP”",
    "*Stop*",
    "opt-out",
    "Stop 🛑",
    "STOP ✋️",
    "stop\n",
    "\u200bstop",
    "ＳＴＯＰ",
    "Opt   Out…",
    "(stop)",
  ])("%j opts out, whatever stands around it", (text) => {
    expect(readOptWord(text)).toBe("opt_out");
  });

  test.each([
    "ARRÊT",
    "arret",
    "Désinscription",
    "PARAR",
    "Baja.",
    "abmelden",
    "СТОП",
    "Отписаться",
    "إيقاف",
    "ايقاف",
    "退订",
    "配信停止",
    "수신거부",
    "ABONELİKTEN ÇIK",
    "hủy đăng ký",
    "huy dang ky",
    "बंद करो",
    "הסר",
    "ΣΤΟΠ",
  ])("%s opts out", (text) => {
    expect(readOptWord(text)).toBe("opt_out");
  });

  test.each([
    ["START", "opt_in"],
    ["unstop", "opt_in"],
    ["Help!", "help"],
    ["INFO", "help"],
    ["ayuda", "help"],
  ])("%s reads as %s", (text, meaning) => {
    expect(readOptWord(text)).toBe(meaning);
  });
});

test.each([
  "no",
  "No.",
  "nope",
  "no thanks",
  "not now",
  "yes",
  "stop by tomorrow",
  "don't stop",
  "please cancel my appointment",
  "the end of the month",
  "I quit my job",
  "start on Monday",
  "can you help me",
  "stopp it, haha",
  "बंद",
  "",
  "🛑",
  "...",
  `stop ${"a".repeat(500)}`,
])("%j is left to a person", (text) => {
  expect(readOptWord(text)).toBeNull();
});
