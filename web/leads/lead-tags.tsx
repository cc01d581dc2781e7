import { Badge } from "#web/ui/badge.tsx";

/** The tags of a lead in one line of a table. */
export function LeadTags({ tags }: { tags: readonly { id: string; name: string }[] }) {
  return (
    <span className="flex gap-1">
      {tags.map(({ id, name }) => (
        <Badge key={id}>{name}</Badge>
      ))}
    </span>
  );
}
