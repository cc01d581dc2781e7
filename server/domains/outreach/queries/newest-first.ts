import { type SqlBool, sql } from "kysely";
import type { Cursor } from "#platform/http/cursor.ts";

// For lists of one table whose rows have a name, the newest first.

/** A part of the name, in whatever case. */
export const nameHas = (part: string) => sql<SqlBool>`position(${part.trim().toLowerCase()} in lower(name)) > 0`;

/** What comes after the row of the cursor. */
export const olderThan = ([at, id]: Cursor) => sql<SqlBool>`(created_at, id) < (${new Date(at ?? 0)}, ${id})`;
