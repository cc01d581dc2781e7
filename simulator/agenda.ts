/** What is to come, by its instant (Unix milliseconds): thousands of reactions fall on few instants. */
export type Agenda<Item> = {
  add(at: number, item: Item): void;
  /** The first instant at which anything comes. */
  next(): number | null;
  /** What has come by then and was not taken out, in no order. */
  come(until: number): Item[];
  /** Takes out what has come by then, in the order of time, and of its adding within an instant. */
  take(until: number): { at: number; item: Item }[];
};

export function openAgenda<Item>(): Agenda<Item> {
  const byInstant = new Map<number, Item[]>();
  let first: number | null = null;
  const find = () => {
    first = null;
    for (const at of byInstant.keys()) if (first === null || at < first) first = at;
  };
  return {
    add(at, item) {
      const known = byInstant.get(at);
      if (known) known.push(item);
      else byInstant.set(at, [item]);
      if (first === null || at < first) first = at;
    },
    next: () => first,
    come: (until) => [...byInstant].flatMap(([at, items]) => (at <= until ? items : [])),
    take(until) {
      if (first === null || first > until) return [];
      const due = [...byInstant].filter(([at]) => at <= until).toSorted(([one], [other]) => one - other);
      for (const [at] of due) byInstant.delete(at);
      find();
      return due.flatMap(([at, items]) => items.map((item) => ({ at, item })));
    },
  };
}
