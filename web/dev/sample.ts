import { ProblemError } from "#web/problem.ts";
import type { ANSWERS } from "#web/dev/search.ts";
import type { Channel } from "#web/ui/channel-icon.tsx";
import { readClock } from "#web/ui/clock.ts";
import type { Page } from "#web/ui/table/source.ts";

// Invented people for the gallery. Real pages ask the API.

export const STATUSES = ["NEW", "CONTACTED", "IN_PROGRESS", "CONVERTED", "LOST"] as const;
export type Status = (typeof STATUSES)[number];

export type Person = {
  id: string;
  name: string;
  company: string;
  email: string;
  phone: string;
  status: Status;
  score: number;
  channel: Channel;
  last_touch_at: string;
  next_touch_at: string | null;
  value: number;
  tags: readonly string[];
  time_zone: string;
};

const FIRST = [
  "Ana",
  "Marisol",
  "Tobias",
  "Ngozi",
  "Kenji",
  "Freya",
  "Rohan",
  "Odile",
  "Mateusz",
  "Aaliyah",
  "Björn",
  "Thuy",
];
const LAST = [
  "Banerjee",
  "Okafor",
  "Lindqvist",
  "Haruki",
  "Vasquez",
  "Whitlock",
  "Moreau",
  "Kowalczyk",
  "Abdi",
  "Castellanos",
];
const COMPANY = [
  "Northlight Studio",
  "Harbor & Pine",
  "Keystone Coaching",
  "Brightwater Labs",
  "Oak Street Fitness",
  "Lumen Dental",
];
const TAGS = ["webinar", "referral", "newsletter", "ad: spring", "podcast"];
const CHANNEL_LIST: readonly Channel[] = ["EMAIL", "SMS", "CALL"];
const ZONES = ["America/New_York", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata"];
const HOUR = 3_600_000;

/** Enough that no one scrolls to the end by accident. */
const TOTAL = 2_400;

const at = <Item>(list: readonly Item[], index: number): Item => {
  const item = list[index % list.length];
  if (item === undefined) throw new Error("an empty list has no items");
  return item;
};

function person(index: number, now: number): Person {
  const [first, last] = [at(FIRST, index * 7 + 3), at(LAST, index * 3 + Math.floor(index / 12))];
  const plain = `${first}.${last}`
    .toLowerCase()
    .normalize("NFD")
    .replaceAll(/[^a-z.]/g, "");
  return {
    id: `person_${String(index).padStart(5, "0")}`,
    name: `${first} ${last}`,
    company: at(COMPANY, index * 5),
    email: `${plain}${index > 119 ? index : ""}@example.com`,
    phone: `+1 212 555 0${100 + (index % 100)}`,
    status: at(STATUSES, (index * index + index) % 7),
    score: (index * 37 + 11) % 101,
    channel: at(CHANNEL_LIST, index * 2 + Math.floor(index / 5)),
    last_touch_at: new Date(now - (0.2 + index * 1.7) * HOUR).toISOString(),
    next_touch_at: index % 3 === 1 ? null : new Date(now + (2 + (index % 40)) * HOUR).toISOString(),
    value: index % 4 === 2 ? 0 : ((index * 7919) % 900_000) + 20_000,
    tags: index % 3 === 0 ? [at(TAGS, index), at(TAGS, index + 2)] : [at(TAGS, index)],
    time_zone: at(ZONES, index),
  };
}

let people: readonly Person[] | undefined;
const everyone = () => {
  const now = readClock().getTime();
  return (people ??= Array.from({ length: TOTAL }, (_, index) => person(index, now)));
};

export type Wanted = {
  q?: string;
  sort?: string;
  status?: readonly string[];
  channel?: readonly string[];
  company?: readonly string[];
  answer?: (typeof ANSWERS)[number];
};

const PROBLEMS = {
  broken: {
    code: "unexpected",
    status: 500,
    title: "Something went wrong on our side",
    detail: "This is a fault of ours.",
  },
  forbidden: {
    code: "not-allowed",
    status: 403,
    title: "You may not do this",
    detail: "This needs the permission leads:read.",
  },
};

function refuse(kind: keyof typeof PROBLEMS): never {
  const problem = PROBLEMS[kind];
  throw new ProblemError({ ...problem, type: `/problems/${problem.code}`, request_id: "req_01k8p3v6w2f7x" });
}

/** Answers as a list operation of the API would: filtered, sorted, one page at a time. */
export async function listPeople(wanted: Wanted, cursor: string | undefined): Promise<Page<Person>> {
  await pause(wanted.answer === "slow" ? 60_000 : 40);
  if (wanted.answer === "broken" || wanted.answer === "forbidden") refuse(wanted.answer);
  if (wanted.answer === "half" && cursor) refuse("broken");
  if (wanted.answer === "empty") return { data: [], next_cursor: null };
  const rows = everyone().filter((one) => matches(one, wanted));
  const sorted = wanted.sort ? rows.toSorted(comparison(wanted.sort)) : rows;
  const start = Number(cursor ?? 0);
  const end = start + 50;
  return { data: sorted.slice(start, end), next_cursor: end < sorted.length ? String(end) : null };
}

/** How many match: lists answer it apart from the rows. */
export async function countPeople(wanted: Wanted): Promise<{ value: number; exact: boolean }> {
  await pause(80);
  return { value: everyone().filter((one) => matches(one, wanted)).length, exact: true };
}

/** One of them. */
export async function getPerson(id: string): Promise<Person> {
  await pause(40);
  const found = everyone().find((one) => one.id === id);
  if (!found)
    throw new ProblemError({ type: "/problems/not-found", code: "not-found", status: 404, title: "Not found" });
  return found;
}

/** Keeps a change for as long as the page stands; an e-mail without @ is refused as the server would. */
export async function changePerson(id: string, change: Partial<Person>): Promise<void> {
  await pause(200);
  if (change.email !== undefined && !change.email.includes("@")) {
    throw new ProblemError({
      type: "/problems/invalid-request",
      code: "invalid-request",
      status: 422,
      title: "The request has faults",
      errors: [{ pointer: "/email", detail: "This is not an e-mail address." }],
    });
  }
  people = everyone().map((one) => (one.id === id ? { ...one, ...change } : one));
}

function matches(one: Person, wanted: Wanted): boolean {
  const text = wanted.q?.toLowerCase();
  const company = wanted.company?.[0]?.toLowerCase();
  return (
    (!text || `${one.name} ${one.email} ${one.company}`.toLowerCase().includes(text)) &&
    (!company || one.company.toLowerCase().includes(company)) &&
    (!wanted.status?.length || wanted.status.includes(one.status)) &&
    (!wanted.channel?.length || wanted.channel.includes(one.channel))
  );
}

function comparison(sort: string) {
  const down = sort.startsWith("-");
  const key = sort.replace("-", "");
  const value = (one: Person) => (key === "score" ? one.score : key === "value" ? one.value : one.name);
  return (a: Person, b: Person) => {
    const [left, right] = [value(a), value(b)];
    const order = typeof left === "number" ? left - Number(right) : left.localeCompare(String(right));
    return down ? -order : order;
  };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
