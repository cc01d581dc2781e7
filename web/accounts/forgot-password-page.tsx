import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { z } from "zod";
import { requestPasswordReset } from "#web/accounts/auth-calls.ts";
import { EntryCard, inlineLink } from "#web/accounts/entry-card.tsx";
import { emailField } from "#web/accounts/entry-forms.tsx";
import { Banner } from "#web/ui/banner.tsx";
import { Button } from "#web/ui/button.tsx";
import { Form, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";

const schema = z.object({ email: emailField });

/** Asks for a mail with a link. Says the same whether or not there is such an account. */
export function ForgotPasswordPage() {
  const [askedFor, setAskedFor] = useState<string>();
  const form = useSchemaForm(schema, { email: "" });
  return (
    <EntryCard
      title="Forgot your password?"
      context="We send you a link with which you set a new one. It works for an hour."
      foot={
        <Link to="/sign-in" className={inlineLink}>
          Back to signing in
        </Link>
      }
    >
      {askedFor ? (
        <Banner tone="positive">
          If {askedFor} has an account, a mail is on its way. Nothing there after a few minutes? Look into the spam
          folder, or ask again.
        </Banner>
      ) : null}
      <Form
        form={form}
        guard={false}
        onSubmit={async (values) => {
          await requestPasswordReset(values);
          setAskedFor(values.email);
        }}
      >
        <FormField form={form} name="email" label="E-mail">
          {(control) => <Input {...control} type="email" autoComplete="username" autoFocus />}
        </FormField>
        <Button type="submit" variant="primary" loading={form.formState.isSubmitting}>
          {askedFor ? "Send another link" : "Send link"}
        </Button>
      </Form>
    </EntryCard>
  );
}
