import { stringify } from "csv-stringify/sync";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CSV_LIMITS, type CsvLimits } from "./faults.ts";
import { openCsv, type CsvRecord } from "./read.ts";

async function* chunksOf(content: string | Buffer, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  content: string | Buffer,
  { size = 7, limits = CSV_LIMITS }: { size?: number; limits?: CsvLimits } = {},
) {
  const opened = await openCsv(chunksOf(content, size), limits);
  if (!opened.ok) return { fault: opened.fault.code };
  const records: CsvRecord[] = [];
  for await (const record of opened.file.records) records.push(record);
  return { header: opened.file.header, records };
}

/** Records in short: line and cells, with the code of a fault. */
const brief = (records: readonly CsvRecord[] = []) =>
  records.map((record) => [
    record.line,
    ...(record.kind === "stopped" ? [] : [record.cells.join("|")]),
    ...(record.kind === "row" ? [] : [record.fault.code]),
  ]);

describe("reading records", () => {
  test("each tells the physical line on which it begins, over quoted line breaks of any kind and blank lines", async () => {
    const content = 'a,b\r\n"1\r\n2\n3",x\r\n\r\n,\r\n4,y\n"5\r6",z\r7,"say ""hi"""';
    const { header, records } = await read(content, { size: 1 });
    expect(header).toEqual(["a", "b"]);
    expect(brief(records)).toEqual([
      [2, "1\r\n2\n3|x"],
      [7, "4|y"],
      [8, "5\r6|z"],
      [10, '7|say "hi"'],
    ]);
  });

  test("rows with too few or too many cells are faulty one by one, and blank cells too many are not", async () => {
    const { records } = await read("a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3,, \n0,0,0\n");
    expect(brief(records)).toEqual([
      [2, "1|2|3"],
      [3, "4|5", "too-few-cells"],
      [4, "6|7|8|9", "too-many-cells"],
      [5, "1|2|3"],
      [6, "0|0|0"],
    ]);
    expect(records?.[1]).toMatchObject({
      fault: { message: expect.stringContaining("2 cells where the header has 3") },
    });
  });

  test("a quotation mark that is never closed is a fault of its row, and the rows before it stand", async () => {
    const { records } = await read('a,b\n1,2\n3,"four\n5,6\n7,8\n');
    expect(brief(records)).toEqual([
      [2, "1|2"],
      [3, "", "unterminated-quote"],
    ]);
  });

  test("a quotation mark that swallows lines until the next one is a fault that names the lines", async () => {
    const { records } = await read('a,b\n1,"two\n3,4\n5,6"\n7,8\n"9,x\n10,"y"\n11,z\n');
    expect(brief(records).map(([line, , code]) => [line, code])).toEqual([
      [2, undefined],
      [5, undefined],
      [6, "too-few-cells"],
      [8, undefined],
    ]);
    expect(records?.[2]).toMatchObject({ fault: { message: expect.stringContaining("from line 6 to 7") } });
  });

  test("a quotation mark amid a cell is only that", async () => {
    const { records } = await read('a;b\n5" pipe;x\ny;"q"z\n');
    expect(brief(records)).toEqual([
      [2, '5" pipe|x'],
      [3, 'y|"q"z'],
    ]);
  });

  test("Excel's line that names the delimiter is obeyed and counted", async () => {
    const { header, records } = await read("sep=;\r\na,x;b\r\n1;2\r\n");
    expect(header).toEqual(["a,x", "b"]);
    expect(brief(records)).toEqual([[3, "1|2"]]);
  });

  test("a row with bytes that are no text is faulty and shows where", async () => {
    const bytes = Buffer.concat([Buffer.from("näme,b\n1,2\nx"), Buffer.from([0xff]), Buffer.from(",y\n3,4\n")]);
    expect(brief((await read(bytes)).records)).toEqual([
      [2, "1|2"],
      [3, "x\uFFFD|y", "unreadable-text"],
      [4, "3|4"],
    ]);
  });

  test("whatever table another program writes is read back, cut into any chunks", async () => {
    const cell = fc.string({ unit: fc.constantFrom(...Array.from("ab,;|\t\"' \n\r€é🚀")), maxLength: 10 });
    const table = fc
      .integer({ min: 2, max: 5 })
      .chain((width) =>
        fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 15 }),
      );
    const delimiters = fc.constantFrom(",", ";", "\t", "|");
    const ends = fc.constantFrom("\n", "\r\n");
    await fc.assert(
      fc.asyncProperty(table, delimiters, ends, fc.integer({ min: 1, max: 40 }), async (rows, delimiter, end, size) => {
        const header = (rows[0] ?? []).map((_, index) => `h${index}`);
        const content = stringify([header, ...rows], { delimiter, record_delimiter: end, quoted: true });
        const { records } = await read(content, { size });
        const expected = rows.filter((row) => row.some((each) => each.trim() !== ""));
        expect(records?.map((record) => (record.kind === "row" ? record.cells : record.kind))).toEqual(expected);
        for (const record of records ?? []) {
          const before = content
            .split(/\r\n|\n|\r/)
            .slice(0, record.line - 1)
            .join("\n");
          expect((before.match(/"/g)?.length ?? 0) % 2).toBe(0);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("limits and refusals", () => {
  test("an empty file, one of blanks and one with a mark alone are empty", async () => {
    for (const content of ["", "\n\r\n  \n", "\uFEFF"]) expect(await read(content)).toEqual({ fault: "empty" });
  });

  test("a header alone is a file of no rows", async () => {
    expect(await read("a,b\n")).toEqual({ header: ["a", "b"], records: [] });
  });

  test("each limit has a fault of its own, after the rows within it", async () => {
    const limits: CsvLimits = { rows: 3, bytes: 10_000, columns: 4, recordBytes: 100 };
    expect(await read("a,b,c,d,e\n", { limits })).toEqual({ fault: "too-many-columns" });
    expect(brief((await read("a,b\n1,1\n2,2\n\n3,3\n4,4\n5,5\n", { limits })).records)).toEqual([
      [2, "1|1"],
      [3, "2|2"],
      [5, "3|3"],
      [6, "too-many-rows"],
    ]);
    expect(brief((await read(`a,b\n1,1\n2,"${"x".repeat(500)}\n3,3\n`, { limits, size: 1_000 })).records)).toEqual([
      [2, "1|1"],
      [3, "record-too-long"],
    ]);
    const wide = { ...limits, rows: 100_000, bytes: 200_000 };
    const { records } = await read(`a,b\n${"1,1\n".repeat(60_000)}`, { limits: wide, size: 10_000 });
    expect(records?.at(-1)).toMatchObject({ kind: "stopped", fault: { code: "too-many-bytes" } });
    expect(records?.length).toBeGreaterThan(45_000);
  });

  test("the limits are those of the specification", () => {
    expect(CSV_LIMITS).toMatchObject({ rows: 1_000_000, bytes: 536_870_912, columns: 500 });
  });

  test("the messages name the limit that was crossed", async () => {
    const opened = await openCsv(chunksOf(`${"a,".repeat(500)}b\n`, 1_000));
    expect(opened.ok ? "" : opened.fault.message).toContain("501 columns; one import takes 500");
  });
});

describe("memory and back-pressure", () => {
  test("the source is asked for no more than the rows taken need, and closed when the reader leaves", async () => {
    let given = 0;
    let closed = false;
    async function* endless() {
      try {
        yield Buffer.from("a,b\n");
        for (;;) {
          given++;
          yield Buffer.from("1,2\n".repeat(1_000));
        }
      } finally {
        closed = true;
      }
    }
    const opened = await openCsv(endless());
    if (!opened.ok) throw new Error("the file is fine");
    const atStart = given;
    let rows = 0;
    for await (const _ of opened.file.records) if (++rows === 50_000) break;
    expect(given - atStart).toBeLessThanOrEqual(50_000 / 1_000);
    expect(closed).toBe(true);
  });
});
