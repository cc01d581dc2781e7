import { knownVariables } from "./values.ts";

/** What scripts may name in any workspace. Custom fields are whatever leads bring along, so every `custom.…` passes. */
export const KNOWN_VARIABLES: readonly string[] = knownVariables(["*"]);
