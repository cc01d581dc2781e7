import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { z } from "zod";
import { resetPassword } from "#web/accounts/auth-calls.ts";
import { EntryCard, inlineLink } from "#web/accounts/entry-card.tsx";
import { newPasswordField, passwordHint } from "#web/accounts/entry-forms.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { Form, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";

const route = getRouteApi("/reset-password");
const schema = z.object({ newPassword: newPasswordField });

/** Behind the link in the mail: a new password, and every session ends. */
export function ResetPasswordPage() {
  const { token } = route.useSearch();
  const [done, setDone] = useState(false);
  const form = useSchemaForm(schema, { newPassword: "" });
  const again = (
    <Link to="/forgot-password" className={inlineLink}>
      Ask for a new link
    </Link>
  );
  if (!token) {
    return (
      <EntryCard title="This link is not complete" foot={again}>
        <p className="text-base text-ink-muted">Copy the whole address out of the mail, or ask for a new one.</p>
      </EntryCard>
    );
  }
  if (done) {
    return (
      <EntryCard title="Your password is changed">
        <Banner tone="positive">You were signed out everywhere. Sign in with the new password.</Banner>
        <LinkButton to="/sign-in" variant="primary">
          Sign in
        </LinkButton>
      </EntryCard>
    );
  }
  return (
    <EntryCard title="Set a new password" context="You will be signed out everywhere." foot={again}>
      <Form
        form={form}
        guard={false}
        onSubmit={async ({ newPassword }) => {
          await resetPassword({ token, newPassword });
          setDone(true);
        }}
      >
        <FormField form={form} name="newPassword" label="New password" hint={passwordHint}>
          {(control) => <Input {...control} type="password" autoComplete="new-password" autoFocus />}
        </FormField>
        <Button type="submit" variant="primary" loading={form.formState.isSubmitting}>
          Set password
        </Button>
      </Form>
    </EntryCard>
  );
}
