import { Badge } from "#web/ui/badge.tsx";
import { Banner } from "#web/ui/banner.tsx";

/** What a sequence or campaign asks for and is not there any more, each in a sentence, and what to do about it. Nothing while all is there. */
export function GoneBanner({ warnings, todo }: { warnings: readonly string[]; todo: string }) {
  if (warnings.length === 0) return null;
  return (
    <div className="shrink-0 px-4 pb-3 sm:px-6">
      <Banner tone="warning">
        <p className="font-medium">Something that it asks for is gone</p>
        {warnings.map((warning) => (
          <p key={warning}>{warning}</p>
        ))}
        <p>{todo}</p>
      </Banner>
    </div>
  );
}

/** A name in a list, with a sign where something that it asks for is gone. */
export function NameOf({ name, warnings }: { name: string; warnings: readonly string[] }) {
  if (warnings.length === 0) return name;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="truncate">{name}</span>
      <span title={warnings.join("\n")} className="shrink-0">
        <Badge tone="warning">Something is gone</Badge>
      </span>
    </span>
  );
}
