import type { Context } from "#platform/context.ts";
import type { IdentityKind } from "../rules.ts";
import { snapshotSchema } from "../merge/snapshot.ts";
import { idsOfLead, listMergesOf } from "../queries/merges.ts";
import { findHolders } from "../queries/suppressions.ts";
import { fold } from "../search-text.ts";
import { addressKey, type KnownLead } from "../upsert/known.ts";
import { listPersonalDataHooks, type PersonSought } from "./hooks.ts";

type Named = Pick<KnownLead, "firstName" | "lastName" | "fullName">;

/** Everything a person is known by: their lead's own data, what was merged into it, and where the higher domains have met them. */
export async function findPerson(ctx: Context, lead: KnownLead): Promise<PersonSought> {
  const leadIds = await idsOfLead(ctx, lead.id);
  const known: Pick<KnownLead, "firstName" | "lastName" | "fullName" | "addresses">[] = [lead];
  for (const { snapshot } of await listMergesOf(ctx, leadIds)) {
    const read = snapshotSchema.safeParse(snapshot);
    if (read.success) known.push(...[read.data.survivor, read.data.other].filter(({ id }) => leadIds.includes(id)));
  }
  const former = known.slice(1).flatMap(({ addresses }) => addresses);
  for (const hook of listPersonalDataHooks())
    former.push(...((await hook.addressesOf?.(ctx, leadIds)) ?? []).map(notFirst));
  const all = [...lead.addresses, ...former];
  const others = new Set(
    (await findHolders(ctx, all)).filter(({ leadId }) => leadId !== lead.id).map((holder) => addressKey(holder)),
  );
  const isOthers = (address: { kind: IdentityKind; value: string }) => others.has(addressKey(address));
  return {
    leadIds,
    addresses: once(all.filter((address) => !isOthers(address))),
    // What was theirs once and is somebody else's now is not erased with this person.
    sharedAddresses: once(lead.addresses.filter(isOthers)),
    names: known.flatMap(namesOf),
  };
}

const once = (addresses: readonly { kind: IdentityKind; value: string }[]) => [
  ...new Map(addresses.map(({ kind, value }) => [addressKey({ kind, value }), { kind, value }])).values(),
];

const notFirst = <T>(address: T) => ({ ...address, isPrimary: false });

function namesOf({ firstName, lastName, fullName }: Named): string[][] {
  const names = [`${firstName} ${lastName}`, fullName ?? ""];
  // With the marks that the name is written with, and without.
  return names
    .flatMap((name) => [fold(name), name.toLowerCase()])
    .map((name) => name.split(/\s+/u).filter((word) => word !== ""))
    .filter((words) => words.join("").length >= 3);
}
