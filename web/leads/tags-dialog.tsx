import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { Tag } from "#domains/leads/contract.ts";
import { api } from "#web/api.ts";
import { leadNoun } from "#web/leads/words.ts";
import { problemOf } from "#web/problem.ts";
import { useNewest } from "#web/shell/newest.ts";
import { saveOnto } from "#web/shell/save-onto.ts";
import { useWhyNot } from "#web/shell/viewer.tsx";
import { Button, IconButton } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { countOf } from "#web/ui/format.ts";
import { Input } from "#web/ui/input.tsx";
import { Property, PropertyList } from "#web/ui/property-list.tsx";
import { Skeleton } from "#web/ui/skeleton.tsx";
import { InlineError } from "#web/ui/states.tsx";

const tagsQuery = api.leads.tags.list.queryOptions();

/** Every tag with the number of its leads: made, renamed in place, deleted everywhere. */
export function TagsDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const tags = useQuery(tagsQuery);
  const onSuccess = () => queries.invalidateQueries({ queryKey: api.leads.key() });
  const create = useMutation({ ...api.leads.tags.create.mutationOptions(), onSuccess });
  const remove = useMutation({ ...api.leads.tags.delete.mutationOptions(), onSuccess });
  const [name, setName] = useState("");
  const [going, setGoing] = useState<Tag>();
  const whyNot = useWhyNot("leads:write");
  const missing = whyNot ?? (name.trim() ? null : "Name it first");
  const add = () => {
    if (!missing && !create.isPending) create.mutate({ name: name.trim() }, { onSuccess: () => setName("") });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : onClose())}
      title="Tags"
      description="Your own words for leads. A new name holds everywhere at once."
    >
      <div className="grid gap-4">
        <form
          className="flex gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
        >
          <Input label="New tag" placeholder="New tag" value={name} onChange={setName} maxLength={60} />
          <Button type="submit" disabledReason={missing} loading={create.isPending}>
            Add
          </Button>
        </form>
        {create.error ? <InlineError problem={problemOf(create.error)} /> : null}
        {tags.error ? <InlineError problem={problemOf(tags.error)} onRetry={() => void tags.refetch()} /> : null}
        {tags.isPending ? <Skeleton className="w-40" /> : null}
        {tags.data?.data.length === 0 ? <p className="text-sm text-ink-muted">There are no tags yet.</p> : null}
        <PropertyList label="Tags">
          {tags.data?.data.map((tag) => (
            <Line key={tag.id} tag={tag} whyNot={whyNot} onDelete={() => setGoing(tag)} />
          ))}
        </PropertyList>
      </div>
      <ConfirmDialog
        open={going !== undefined}
        onOpenChange={() => setGoing(undefined)}
        title={`Delete the tag “${going?.name}”?`}
        consequences={`It is taken off ${countOf(going?.leads ?? 0, leadNoun)}. The leads themselves stay.`}
        action="Delete tag"
        loading={remove.isPending}
        error={remove.error ? problemOf(remove.error).title : undefined}
        onConfirm={() =>
          going ? remove.mutate({ tagId: going.id }, { onSuccess: () => setGoing(undefined) }) : undefined
        }
      />
    </Dialog>
  );
}

type LineProps = { tag: Tag; whyNot: string | null; onDelete: () => void };

function Line({ tag, whyNot, onDelete }: LineProps) {
  const queries = useQueryClient();
  const newest = useNewest<Pick<Tag, "id" | "name" | "updatedAt">>(tag);
  const rename = useMutation({
    ...api.leads.tags.rename.mutationOptions(),
    onSuccess: async (saved) => {
      newest.keep(saved);
      await queries.invalidateQueries({ queryKey: api.leads.key() });
    },
  });
  const read = async () => {
    const { data } = await queries.fetchQuery({ ...tagsQuery, staleTime: 0 });
    return data.find(({ id }) => id === tag.id) ?? newest.of(tag);
  };
  const save = (name: string) =>
    saveOnto({
      base: newest.of(tag),
      patch: { name },
      fields: { name: { label: "Name" } },
      read,
      send: (_some, expectedUpdatedAt) => rename.mutateAsync({ tagId: tag.id, name, expectedUpdatedAt }),
    });
  return (
    <div className="flex items-start gap-2">
      <div className="min-w-0 grow">
        <Property
          label={countOf(tag.leads, leadNoun)}
          name="Name of the tag"
          value={tag.name}
          onSave={whyNot === null ? save : undefined}
        />
      </div>
      <IconButton icon={Trash2} label={`Delete tag ${tag.name}`} size="sm" disabledReason={whyNot} onClick={onDelete} />
    </div>
  );
}
