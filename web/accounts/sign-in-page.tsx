import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { sessionQuery } from "#web/accounts/auth-calls.ts";
import { EntryCard, inlineLink } from "#web/accounts/entry-card.tsx";
import { SignInForm } from "#web/accounts/entry-forms.tsx";
import { nextAddress } from "#web/accounts/next-address.ts";
import { Banner } from "#web/ui/banner.tsx";

const route = getRouteApi("/sign-in");

/** The way in. Afterwards a whole new page begins, with nothing of an earlier person in memory. */
export function SignInPage() {
  const { next } = route.useSearch();
  const { data: session } = useQuery(sessionQuery);
  const target = nextAddress(next, location.origin);
  return (
    <EntryCard
      title="Sign in"
      foot={
        <>
          No account yet?{" "}
          <Link to="/sign-up" search={{ next }} className={inlineLink}>
            Sign up
          </Link>
        </>
      }
    >
      {session ? (
        <Banner tone="info">
          You are signed in as {session.user.email}.{" "}
          <a href={target} className={inlineLink}>
            Continue
          </a>
        </Banner>
      ) : null}
      <SignInForm action="Sign in" onDone={() => location.assign(target)} />
      <Link to="/forgot-password" className={`${inlineLink} w-fit text-sm`}>
        Forgot your password?
      </Link>
    </EntryCard>
  );
}
