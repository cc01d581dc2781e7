import { z } from "zod";

// Not the contract's own schemas: beside them stands the renderer, far more than this page may weigh. The server checks lengths.
export const scriptName = z.string().trim().min(1, "Give it a name");

export const variablesHint =
  "Variables stand in double braces, a default after a bar: {{ firstName | default: 'there' }}";
export const NOTHING_CHANGED = "Nothing has changed";
export const asVariable = (name: string) => `{{ ${name} }}`;
