/** A change that met somebody else's. */
export type Collision = {
  /** When theirs was made. */
  at: string | undefined;
  by: string;
  /** Their id, where it was a person who is known. */
  byId: string | null;
  differing: readonly { label: string; mine: string; theirs: string }[];
};

/** `back`: to one's own words, with nothing saved. */
export type Decision = "overwrite" | "theirs" | "back";

type Question = { collision: Collision; decide: (decision: Decision) => void };

let asked: Question | undefined;
const listeners = new Set<() => void>();

function set(next: Question | undefined) {
  asked = next;
  for (const listener of listeners) listener();
}

/** Shows both and waits for the person's word. One question at a time: a second change goes back at once. */
export function ask(collision: Collision): Promise<Decision> {
  if (asked) return Promise.resolve("back");
  const { promise, resolve } = Promise.withResolvers<Decision>();
  set({
    collision,
    decide: (decision) => {
      set(undefined);
      resolve(decision);
    },
  });
  return promise;
}

export const askedNow = () => asked;

export function onAsked(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
