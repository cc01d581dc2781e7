import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { endSession, sessionQuery } from "#web/accounts/auth-calls.ts";
import { EntryCard } from "#web/accounts/entry-card.tsx";
import { SignInForm, SignUpForm } from "#web/accounts/entry-forms.tsx";
import { roleLook } from "#web/accounts/words.ts";
import { api, client } from "#web/api.ts";
import { problemOf } from "#web/problem.ts";
import { Banner } from "#web/ui/banner.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";
import { SkeletonText } from "#web/ui/skeleton.tsx";
import { toast } from "#web/ui/toast.tsx";

const route = getRouteApi("/invitations/$token");

/** Behind the link of an invitation: accept it as whom one is, sign in for it, or sign up with it. */
export function InvitationPage() {
  const { token } = route.useParams();
  const invitation = useQuery(api.accounts.invitations.open.queryOptions({ input: { token } }));
  const session = useQuery(sessionQuery);
  const error = invitation.error ?? session.error;
  if (error) {
    const problem = problemOf(error);
    return (
      <EntryCard title={problem.title} context={problem.detail}>
        {problem.status === 410 ? (
          <LinkButton to="/">Go to Throughline</LinkButton>
        ) : (
          <Button onClick={() => void Promise.all([invitation.refetch(), session.refetch()])}>Try again</Button>
        )}
      </EntryCard>
    );
  }
  if (!invitation.data || session.data === undefined) {
    return (
      <EntryCard title="Invitation">
        <SkeletonText lines={4} />
      </EntryCard>
    );
  }
  const { workspaceName, inviterName, role, email, hasAccount, expiresAt } = invitation.data;
  const enter = async () => {
    await client.accounts.invitations.accept({ token });
    location.assign("/");
  };
  return (
    <EntryCard
      title={`Join ${workspaceName}`}
      context={
        <>
          {inviterName} invites {email} as {roleLook[role].label.toLowerCase()}. The invitation expires{" "}
          <RelativeTime at={expiresAt} />.
        </>
      }
    >
      {session.data ? (
        <Answer signedInAs={session.data.user.email} invited={email} onAccept={enter} />
      ) : hasAccount ? (
        <SignInForm email={email} action="Sign in and join" onDone={enter} />
      ) : (
        <SignUpForm
          email={email}
          invitation={token}
          action="Create account and join"
          onDone={() => location.assign("/")}
        />
      )}
    </EntryCard>
  );
}

type AnswerProps = { signedInAs: string; invited: string; onAccept: () => Promise<void> };

function Answer({ signedInAs, invited, onAccept }: AnswerProps) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const run = (act: () => Promise<unknown>) => {
    setBusy(true);
    void act().catch((error: unknown) => {
      toast.problem(error);
      setBusy(false);
    });
  };
  if (signedInAs.toLowerCase() === invited.toLowerCase()) {
    return (
      <Button variant="primary" loading={busy} onClick={() => run(onAccept)}>
        Accept invitation
      </Button>
    );
  }
  const leave = async () => {
    await endSession();
    // Nothing of the person who leaves stays in memory.
    queries.clear();
    location.reload();
  };
  return (
    <>
      <Banner tone="warning">
        You are signed in as {signedInAs}. Sign out to accept this invitation as {invited}.
      </Banner>
      <Button loading={busy} onClick={() => run(leave)}>
        Sign out
      </Button>
    </>
  );
}
