import { useInfiniteQuery, type QueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { MailPlus, UserPlus } from "lucide-react";
import { Suspense, useState } from "react";
import type { Invitation, Member } from "#domains/accounts/contract.ts";
import { INVITATION_STATES } from "#domains/accounts/sets.ts";
import { ROLES } from "#platform/permissions.ts";
import { InvitationActs, MemberRole, RemoveMember } from "#web/accounts/member-acts.tsx";
import { membersSearch, onlyFirst, type MembersSearch } from "#web/accounts/search.ts";
import { SettingsPage } from "#web/accounts/settings-page.tsx";
import { invitationLook, roleLook } from "#web/accounts/words.ts";
import { api } from "#web/api.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Badge, StatusPill } from "#web/ui/badge.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { FilterChips, type Filter } from "#web/ui/filter-chips.tsx";
import { late } from "#web/ui/late.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SearchBox } from "#web/ui/search-box.tsx";
import { EmptyState } from "#web/ui/states.tsx";
import { DataTable } from "#web/ui/table/data-table.tsx";
import { keyset, useTableSource, type Column } from "#web/ui/table/source.ts";

const InviteDialog = late(() => import("#web/accounts/invite-dialog.tsx").then((module) => module.InviteDialog));

// Queries

const membersQuery = ({ q, role }: MembersSearch) =>
  api.accounts.members.list.infiniteOptions({ ...keyset, input: (cursor) => ({ q, role, cursor, limit: 50 }) });
const invitationsQuery = (search: MembersSearch) => {
  const state = INVITATION_STATES.find((known) => known === search.state);
  return api.accounts.invitations.list.infiniteOptions({
    ...keyset,
    input: (cursor) => ({ state, cursor, limit: 50 }),
  });
};

// Columns and filters

const memberColumns: Column<Member>[] = [
  {
    id: "name",
    header: "Name",
    width: 200,
    cell: (member) => (
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate">{member.name}</span>
        {member.isYou ? <Badge>You</Badge> : null}
      </span>
    ),
  },
  { id: "email", header: "E-mail", width: 220, cell: (member) => member.email },
  { id: "role", header: "Role", width: 144, grow: 0, cell: (member) => <MemberRole member={member} /> },
  { id: "joinedAt", header: "Joined", width: 112, grow: 0, cell: (member) => <RelativeTime at={member.joinedAt} /> },
  {
    id: "remove",
    header: "Remove",
    width: 104,
    grow: 0,
    acts: true,
    cell: (member) => <RemoveMember member={member} />,
  },
];

const invitationColumns: Column<Invitation>[] = [
  { id: "email", header: "E-mail", width: 220, cell: (invitation) => invitation.email },
  { id: "role", header: "Role", width: 96, grow: 0, cell: (invitation) => roleLook[invitation.role].label },
  {
    id: "state",
    header: "State",
    width: 112,
    grow: 0,
    cell: ({ state }) => <StatusPill tone={invitationLook[state].tone}>{invitationLook[state].label}</StatusPill>,
  },
  { id: "invitedBy", header: "Invited by", width: 140, cell: (invitation) => invitation.invitedBy.name },
  { id: "createdAt", header: "Invited", width: 112, grow: 0, cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  { id: "expiresAt", header: "Expires", width: 112, grow: 0, cell: ({ expiresAt }) => <RelativeTime at={expiresAt} /> },
  {
    id: "acts",
    header: "Change",
    width: 176,
    grow: 0,
    acts: true,
    cell: (invitation) => <InvitationActs invitation={invitation} />,
  },
];

const roleFilter: Filter = {
  id: "role",
  label: "Role",
  kind: "choice",
  single: true,
  options: ROLES.map((value) => ({ value, label: roleLook[value].label })),
};
const stateFilter: Filter = {
  id: "state",
  label: "State",
  kind: "choice",
  single: true,
  options: INVITATION_STATES.map((value) => ({ value, label: invitationLook[value].label })),
};

// Loader

export function load(queries: QueryClient, wanted: MembersSearch) {
  if (wanted.view === "invitations") void queries.prefetchInfiniteQuery(invitationsQuery(wanted));
  else void queries.prefetchInfiniteQuery(membersQuery(wanted));
}

// Page

const route = getRouteApi("/frame/settings/members");

/** Who belongs to the workspace, in which role, and who is invited. */
export function MembersPage() {
  const { view = "members" } = route.useSearch();
  const [inviting, setInviting] = useState(false);
  return (
    <SettingsPage
      title="Members"
      context="Who works in this workspace, and what each may do."
      action={
        <Button
          variant="primary"
          icon={UserPlus}
          disabledReason={useWhyNot("members:write")}
          onClick={() => setInviting(true)}
        >
          Invite
        </Button>
      }
      table
    >
      {view === "members" ? <Members /> : <Invitations />}
      <Suspense>{inviting ? <InviteDialog onClose={() => setInviting(false)} /> : null}</Suspense>
    </SettingsPage>
  );
}

function useFilters() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Parameters<typeof onlyFirst>[0]) =>
    void navigate({ search: (now) => membersSearch(onlyFirst({ ...now, ...next })), replace: true });
  const clear = () => void navigate({ search: ({ view }) => ({ view }) });
  return { search, change, clear };
}

function Members() {
  const { search, change, clear } = useFilters();
  const source = useTableSource(useInfiniteQuery(membersQuery(search)));
  return (
    <DataTable
      id="members"
      label="Members"
      noun={{ one: "member", other: "members" }}
      source={source}
      columns={memberColumns}
      rowId={(member) => member.id}
      rowName={(member) => member.name}
      scope={search}
      onClearFilters={search.q || search.role ? clear : undefined}
      toolbar={
        <>
          <Views />
          <SearchBox label="Search members" value={search.q ?? ""} onChange={(q) => change({ q })} />
          <FilterChips filters={[roleFilter]} values={search} onChange={change} />
        </>
      }
      empty={<EmptyState icon={UserPlus} title="No members" />}
    />
  );
}

function Invitations() {
  const { search, change, clear } = useFilters();
  const source = useTableSource(useInfiniteQuery(invitationsQuery(search)));
  return (
    <DataTable
      id="invitations"
      label="Invitations"
      noun={{ one: "invitation", other: "invitations" }}
      source={source}
      columns={invitationColumns}
      rowId={(invitation) => invitation.id}
      rowName={(invitation) => invitation.email}
      scope={search}
      onClearFilters={search.state ? clear : undefined}
      toolbar={
        <>
          <Views />
          <FilterChips filters={[stateFilter]} values={search} onChange={change} />
        </>
      }
      empty={
        <EmptyState icon={MailPlus} title="Nobody is invited">
          An invitation goes by mail, and its link can be sent by hand. It can be accepted for a week.
        </EmptyState>
      }
    />
  );
}

/** The two lists of this page, as links: each has an address of its own. */
function Views() {
  const { view = "members" } = route.useSearch();
  const look = (mine: typeof view) => ({
    to: "/settings/members" as const,
    search: { view: mine },
    size: "sm" as const,
    variant: mine === view ? ("secondary" as const) : ("ghost" as const),
    "aria-current": mine === view ? ("page" as const) : undefined,
  });
  return (
    <nav aria-label="Lists" className="flex gap-1">
      <LinkButton {...look("members")}>Members</LinkButton>
      <LinkButton {...look("invitations")}>Invitations</LinkButton>
    </nav>
  );
}
