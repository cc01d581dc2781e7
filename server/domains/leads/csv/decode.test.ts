import * as fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { decodeText, HEAD_BYTES, UNREADABLE, type Encoding } from "./decode.ts";

/** A source that hands out `bytes` in pieces of the given sizes, over and over. */
async function* pieces(bytes: Uint8Array, ...sizes: number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function decode(bytes: Uint8Array, ...sizes: number[]) {
  const decoded = await decodeText(pieces(bytes, ...(sizes.length > 0 ? sizes : [bytes.length])), 100_000_000);
  if (!decoded.ok) return { fault: decoded.fault.code };
  const parts: Buffer[] = [];
  let next = await decoded.text.chunks.next();
  for (; !next.done; next = await decoded.text.chunks.next()) parts.push(next.value);
  return {
    text: Buffer.concat(parts).toString(),
    encoding: decoded.text.encoding(),
    unreadable: decoded.text.unreadable(),
    fault: next.value?.code,
  };
}

/** So much plain ASCII that what follows lies beyond the bytes that are looked at first. */
const PADDING = "Name,Note\n".repeat(Math.ceil(HEAD_BYTES / 10) + 1);
/** The beginning of an archive with entries of these names. */
const zip = (...parts: string[]) => Buffer.from(`PK\u0003\u0004${parts.join("....")}`, "latin1");
const SAMPLE = "Vorname;Größe\r\nÜmit;€ 5 – “viel”\r\n";

describe("telling the encoding of a file", () => {
  const encoded: [string, Buffer, Encoding][] = [
    ["UTF-8", Buffer.from(SAMPLE), "utf-8"],
    ["UTF-8 with a mark", Buffer.from(`\uFEFF${SAMPLE}`), "utf-8"],
    ["UTF-16 LE with a mark", iconv.encode(SAMPLE, "utf-16le", { addBOM: true }), "utf-16le"],
    ["UTF-16 LE without a mark", iconv.encode(SAMPLE, "utf-16le", { addBOM: false }), "utf-16le"],
    ["UTF-16 BE with a mark", iconv.encode(SAMPLE, "utf-16be", { addBOM: true }), "utf-16be"],
    ["UTF-16 BE without a mark", iconv.encode(SAMPLE, "utf-16be", { addBOM: false }), "utf-16be"],
    ["Windows-1252", iconv.encode(SAMPLE, "win1252"), "windows-1252"],
  ];

  test.each(encoded)("%s is recognised and read, in one piece and byte by byte", async (_, bytes, encoding) => {
    const expected = { text: SAMPLE, encoding, unreadable: 0, fault: undefined };
    expect(await decode(bytes)).toEqual(expected);
    expect(await decode(bytes, 1)).toEqual(expected);
    expect(await decode(bytes, 3, 2)).toEqual(expected);
  });

  test("the first bytes beyond ASCII decide, even far behind the bytes looked at first", async () => {
    const latin = Buffer.concat([Buffer.from(PADDING), iconv.encode("Müller,–\n".repeat(3), "win1252")]);
    expect(await decode(latin, 1_000)).toMatchObject({
      text: PADDING + "Müller,–\n".repeat(3),
      encoding: "windows-1252",
      unreadable: 0,
    });
    const utf8 = Buffer.from(`${PADDING}Müller,–\n`);
    expect(await decode(utf8, 1_000)).toMatchObject({ text: `${PADDING}Müller,–\n`, encoding: "utf-8", unreadable: 0 });
  });

  test("text of any script survives every encoding that has it, cut anywhere", async () => {
    const text = fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 300 })
      .filter((each) => !/[\0\uFEFF\uFDD0]/.test(each));
    const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(
        text,
        sizes,
        fc.constantFrom("utf8", "utf-16le", "utf-16be"),
        async (content, cuts, encoding) => {
          const bytes = iconv.encode(`a,b\n${content}`, encoding, { addBOM: true });
          expect(await decode(bytes, ...cuts)).toMatchObject({ text: `a,b\n${content}`, unreadable: 0 });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("bytes that are no text", () => {
  test("in a file that has shown itself as UTF-8 they are marked one by one, and nothing else is touched", async () => {
    const bytes = Buffer.concat([
      Buffer.from(`Zoë\n${PADDING}Søren,`),
      Buffer.from([0xfc, 0xe2, 0x82]),
      Buffer.from("x\nÜmit\n"),
    ]);
    expect(await decode(bytes, 777)).toMatchObject({
      text: `Zoë\n${PADDING}Søren,${UNREADABLE.repeat(3)}x\nÜmit\n`,
      encoding: "utf-8",
      unreadable: 3,
    });
  });

  test("a replacement character that the file itself holds is left alone", async () => {
    expect(await decode(Buffer.from("Petrovi\uFFFD,Zoë\n"))).toMatchObject({
      text: "Petrovi\uFFFD,Zoë\n",
      unreadable: 0,
    });
  });

  test("the bytes that Windows-1252 leaves open are marked", async () => {
    const bytes = Buffer.concat([iconv.encode("Müller ", "win1252"), Buffer.from([0x81, 0x0a])]);
    expect(await decode(bytes)).toMatchObject({
      text: `Müller ${UNREADABLE}\n`,
      encoding: "windows-1252",
      unreadable: 1,
    });
  });

  test("half a surrogate pair and half a code unit at the end of UTF-16 are marked", async () => {
    const bytes = Buffer.concat([
      iconv.encode("a,\uFEFFb", "utf-16le"),
      Buffer.from([0x3d, 0xd8]),
      Buffer.from("c\0", "latin1"),
      Buffer.from([0x64]),
    ]);
    expect(await decode(Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]), 1)).toMatchObject({
      text: `a,\uFEFFb${UNREADABLE}c${UNREADABLE}`,
      unreadable: 2,
    });
  });

  test("a NUL far behind is marked, one near the beginning makes the file no text", async () => {
    expect(await decode(Buffer.from(`${PADDING}a\0b\n`), 4_096)).toMatchObject({
      text: `${PADDING}a${UNREADABLE}b\n`,
      unreadable: 1,
    });
    expect(await decode(Buffer.from("a,b\n\0\u0001\u0002"))).toEqual({ fault: "binary" });
  });

  test("no bytes whatever make the decoder throw or hold back text", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.integer({ min: 1, max: 9 }), async (bytes, size) => {
        const whole = await decode(bytes, 400);
        expect(await decode(bytes, size)).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });
});

describe("files that are no CSV", () => {
  test.each([
    ["an Excel workbook", zip("[Content_Types].xml", "xl/workbook.xml"), "workbook"],
    ["an old Excel workbook", Buffer.from("d0cf11e0a1b11ae1", "hex"), "workbook"],
    ["an OpenDocument spreadsheet", zip("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), "workbook"],
    ["a ZIP archive", zip("leads.csv"), "archive"],
    ["a gzip file", Buffer.from("1f8b0800", "hex"), "archive"],
    ["a PDF", Buffer.from("%PDF-1.7\n"), "pdf"],
  ])("%s is refused as what it is", async (_, bytes, code) => {
    expect(await decode(bytes)).toEqual({ fault: code });
    expect(await decode(bytes, 1)).toEqual({ fault: code });
  });

  test("the refusal of a workbook says how to export CSV", async () => {
    const decoded = await decodeText(pieces(zip("xl/"), 8), 1_000);
    expect(decoded.ok ? "" : decoded.fault.message).toMatch(/Save As.*CSV UTF-8.*upload that file/);
  });
});

describe("the limit of bytes", () => {
  test("a file beyond it is not read whole: the source is closed at the chunk that crosses it", async () => {
    let given = 0;
    let closed = false;
    async function* endless() {
      try {
        for (;;) {
          given += 100_000;
          yield Buffer.alloc(100_000, "a,b\n");
        }
      } finally {
        closed = true;
      }
    }
    const decoded = await decodeText(endless(), 1_000_000);
    if (!decoded.ok) throw new Error("the head is within the limit");
    let next = await decoded.text.chunks.next();
    while (!next.done) next = await decoded.text.chunks.next();
    expect(next.value?.code).toBe("too-many-bytes");
    expect(given).toBe(1_100_000);
    expect(closed).toBe(true);
  });

  test("a limit smaller than the head refuses at once", async () => {
    const decoded = await decodeText(pieces(Buffer.alloc(2_000, "a"), 100), 1_000);
    expect(decoded.ok ? undefined : decoded.fault.code).toBe("too-many-bytes");
  });
});
