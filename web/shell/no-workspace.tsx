import { useState } from "react";
import { client } from "#web/api.ts";
import { problemOf } from "#web/problem.ts";
import { Button } from "#web/ui/button.tsx";
import { Field } from "#web/ui/field.tsx";
import { Input } from "#web/ui/input.tsx";
import { browserZone } from "#web/ui/format.ts";

/** For someone who has signed in and is in no workspace: choose one of theirs, or create one. */
export function NoWorkspace({ workspaces }: { workspaces: readonly { id: string; name: string }[] }) {
  const [name, setName] = useState("");
  const timeZone = browserZone();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<string>();
  const enter = async (act: Promise<unknown>) => {
    setBusy(true);
    try {
      await act;
      location.assign("/");
    } catch (error) {
      const problem = problemOf(error);
      setFault(problem.errors?.[0]?.detail ?? problem.detail ?? problem.title);
      setBusy(false);
    }
  };
  return (
    <main className="flex min-h-dvh items-center justify-center bg-sunken p-4">
      <title>Choose a workspace · Throughline</title>
      <div className="grid w-full max-w-sm gap-4 rounded-lg border bg-canvas p-6">
        <h1 className="text-xl font-semibold">Choose a workspace</h1>
        {workspaces.map((workspace) => (
          <Button
            key={workspace.id}
            loading={busy}
            onClick={() => void enter(client.accounts.workspaces.switch({ workspaceId: workspace.id }))}
          >
            {workspace.name}
          </Button>
        ))}
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void enter(client.accounts.workspaces.create({ name, timeZone }));
          }}
        >
          <Field
            label="Name of a new workspace"
            hint={`Usually your company's name. Its times are those of ${timeZone}, as on this device, until you set others.`}
            error={fault}
          >
            {(control) => <Input {...control} value={name} onChange={setName} maxLength={100} />}
          </Field>
          <Button type="submit" variant="primary" loading={busy} disabledReason={name.trim() ? null : "Give it a name"}>
            Create workspace
          </Button>
        </form>
      </div>
    </main>
  );
}
