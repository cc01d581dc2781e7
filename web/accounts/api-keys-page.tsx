import { useInfiniteQuery, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { Suspense, useState } from "react";
import type { ApiKey } from "#domains/accounts/contract.ts";
import { PERMISSIONS } from "#platform/permissions.ts";
import { SettingsPage } from "#web/accounts/settings-page.tsx";
import { permissionWords } from "#web/accounts/words.ts";
import { api } from "#web/api.ts";
import { mayLoad } from "#web/session.ts";
import { problemOf } from "#web/problem.ts";
import { Permitted } from "#web/shell/permitted.tsx";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Button } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { countOf } from "#web/ui/format.ts";
import { late } from "#web/ui/late.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";
import { Tooltip } from "#web/ui/tooltip.tsx";

const CreateKeyDialog = late(() =>
  import("#web/accounts/create-key-dialog.tsx").then((module) => module.CreateKeyDialog),
);

// Queries

const keysQuery = api.accounts.apiKeys.list.infiniteOptions({ ...keyset, input: (cursor) => ({ cursor, limit: 50 }) });

// Columns

const wordsOf = (scopes: ApiKey["scopes"]) => scopes.map((scope) => permissionWords[scope]).join(", ");

const columns: Column<ApiKey>[] = [
  { id: "name", header: "Name", width: 180, cell: (key) => key.name },
  {
    id: "start",
    header: "Begins with",
    width: 128,
    grow: 0,
    cell: (key) => <code className="font-mono text-xs">{key.start}…</code>,
  },
  {
    id: "scopes",
    header: "May",
    width: 180,
    cell: ({ scopes }) =>
      scopes.length === PERMISSIONS.length ? (
        "Everything"
      ) : (
        <Tooltip content={wordsOf(scopes)}>
          <span className="block truncate">
            {scopes.length > 2 ? countOf(scopes.length, { one: "permission", other: "permissions" }) : wordsOf(scopes)}
          </span>
        </Tooltip>
      ),
  },
  { id: "createdBy", header: "Made by", width: 140, cell: (key) => key.createdBy.name },
  { id: "createdAt", header: "Made", width: 112, grow: 0, cell: (key) => <RelativeTime at={key.createdAt} /> },
  {
    id: "lastUsedAt",
    header: "Last used",
    width: 112,
    grow: 0,
    cell: (key) => (key.lastUsedAt ? <RelativeTime at={key.lastUsedAt} /> : "Never"),
  },
  {
    id: "expiresAt",
    header: "Expires",
    width: 112,
    grow: 0,
    cell: (key) => (key.expiresAt ? <RelativeTime at={key.expiresAt} /> : "Never"),
  },
  { id: "revoke", header: "Revoke", width: 96, grow: 0, acts: true, cell: (key) => <Revoke apiKey={key} /> },
];

// Loader

export function load(queries: QueryClient) {
  if (!mayLoad(queries, "api-keys:write")) return;
  void queries.prefetchInfiniteQuery(keysQuery);
}

// Page

/** How programs get in. */
export function ApiKeysPage() {
  return (
    <Permitted permission="api-keys:write" title="API keys">
      <ApiKeys />
    </Permitted>
  );
}

function ApiKeys() {
  const source = useTableSource(useInfiniteQuery(keysQuery));
  const [creating, setCreating] = useState(false);
  const create = (
    <Button
      variant="primary"
      icon={Plus}
      disabledReason={useWhyNot("api-keys:write")}
      onClick={() => setCreating(true)}
    >
      Create key
    </Button>
  );
  return (
    <SettingsPage
      title="API keys"
      context="A key lets a program in, within its permissions and the role of whoever made it."
      action={create}
      table
    >
      <DataTable
        id="api-keys"
        label="API keys"
        noun={{ one: "key", other: "keys" }}
        source={source}
        columns={columns}
        rowId={(key) => key.id}
        rowName={(key) => key.name}
        empty={
          <EmptyState icon={KeyRound} title="No API keys yet" action={create}>
            Programs send a key with each request, as a bearer token. Make one for each program, so that each can be
            revoked alone.
          </EmptyState>
        }
      />
      <Suspense>{creating ? <CreateKeyDialog onClose={() => setCreating(false)} /> : null}</Suspense>
    </SettingsPage>
  );
}

function Revoke({ apiKey }: { apiKey: ApiKey }) {
  const [asking, setAsking] = useState(false);
  const queries = useQueryClient();
  const whyNot = useWhyNot("api-keys:write");
  const revoke = useMutation(
    api.accounts.apiKeys.revoke.mutationOptions({
      onSuccess: async () => {
        setAsking(false);
        await queries.invalidateQueries({ queryKey: api.accounts.apiKeys.key() });
      },
    }),
  );
  return (
    <>
      <Button size="sm" variant="ghost" disabledReason={whyNot} onClick={() => setAsking(true)}>
        Revoke
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Revoke ${apiKey.name}?`}
        consequences="Whatever uses this key is refused from now on. This cannot be undone."
        action="Revoke key"
        loading={revoke.isPending}
        error={revoke.error ? problemOf(revoke.error).title : undefined}
        onConfirm={() => revoke.mutate({ apiKeyId: apiKey.id })}
      />
    </>
  );
}
