import { getRouteApi, Link } from "@tanstack/react-router";
import { EntryCard, inlineLink } from "#web/accounts/entry-card.tsx";
import { SignUpForm } from "#web/accounts/entry-forms.tsx";
import { nextAddress } from "#web/accounts/next-address.ts";

const route = getRouteApi("/sign-up");

/** A new account, with a workspace of its own. */
export function SignUpPage() {
  const { next } = route.useSearch();
  return (
    <EntryCard
      title="Sign up"
      context="You get a workspace of your own and can invite others into it."
      foot={
        <>
          Have an account?{" "}
          <Link to="/sign-in" search={{ next }} className={inlineLink}>
            Sign in
          </Link>
        </>
      }
    >
      <SignUpForm action="Create account" onDone={() => location.assign(nextAddress(next, location.origin))} />
    </EntryCard>
  );
}
