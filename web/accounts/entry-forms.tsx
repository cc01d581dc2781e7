import { z } from "zod";
import { NAME_MAX, PASSWORD_MAX, PASSWORD_MIN } from "#domains/accounts/rules.ts";
import { signIn, signUp } from "#web/accounts/auth-calls.ts";
import { Button } from "#web/ui/button.tsx";
import { Form, FormField, useSchemaForm } from "#web/ui/form.tsx";
import { Input } from "#web/ui/input.tsx";

export const emailField = z.string().trim().pipe(z.email("Write an e-mail address"));
export const newPasswordField = z
  .string()
  .min(PASSWORD_MIN, `At least ${PASSWORD_MIN} characters`)
  .max(PASSWORD_MAX, `At most ${PASSWORD_MAX} characters`);
export const passwordHint = `At least ${PASSWORD_MIN} characters. A sentence is easy to keep in mind.`;

const signInSchema = z.object({ email: emailField, password: z.string().min(1, "Write your password") });
const signUpSchema = z.object({
  name: z.string().trim().min(1, "Write your name").max(NAME_MAX, `At most ${NAME_MAX} characters`),
  email: emailField,
  password: newPasswordField,
});

export type SignInFormProps = {
  /** Given: the address is settled and cannot be changed. */
  email?: string;
  /** The verb on the button. */
  action: string;
  /** Once the session stands. What it throws is shown in the form. */
  onDone: () => unknown;
};

/** Address and password of somebody who has an account. */
export function SignInForm({ email, action, onDone }: SignInFormProps) {
  const form = useSchemaForm(signInSchema, { email: email ?? "", password: "" });
  return (
    <Form
      form={form}
      guard={false}
      onSubmit={async (values) => {
        await signIn(values);
        await onDone();
      }}
    >
      <FormField form={form} name="email" label="E-mail">
        {(control) => (
          <Input {...control} type="email" autoComplete="username" readOnly={email !== undefined} autoFocus={!email} />
        )}
      </FormField>
      <FormField form={form} name="password" label="Password">
        {(control) => (
          <Input {...control} type="password" autoComplete="current-password" autoFocus={email !== undefined} />
        )}
      </FormField>
      <Button type="submit" variant="primary" loading={form.formState.isSubmitting}>
        {action}
      </Button>
    </Form>
  );
}

export type SignUpFormProps = SignInFormProps & {
  /** The token of an invitation's link: the account begins in its workspace. */
  invitation?: string;
};

/** Name, address and password of somebody new. */
export function SignUpForm({ email, action, invitation, onDone }: SignUpFormProps) {
  const form = useSchemaForm(signUpSchema, { name: "", email: email ?? "", password: "" });
  return (
    <Form
      form={form}
      guard={false}
      onSubmit={async (values) => {
        await signUp({ ...values, invitation });
        await onDone();
      }}
    >
      <FormField form={form} name="name" label="Your name" hint="As your colleagues will see it.">
        {(control) => <Input {...control} autoComplete="name" autoFocus />}
      </FormField>
      <FormField form={form} name="email" label="E-mail">
        {(control) => <Input {...control} type="email" autoComplete="username" readOnly={email !== undefined} />}
      </FormField>
      <FormField form={form} name="password" label="Password" hint={passwordHint}>
        {(control) => <Input {...control} type="password" autoComplete="new-password" />}
      </FormField>
      <Button type="submit" variant="primary" loading={form.formState.isSubmitting}>
        {action}
      </Button>
    </Form>
  );
}
