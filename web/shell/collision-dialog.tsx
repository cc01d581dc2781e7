import type { Collision, Decision } from "#web/shell/collisions.ts";
import { useViewer } from "#web/shell/viewer.tsx";
import { Button } from "#web/ui/button.tsx";
import { Dialog } from "#web/ui/dialog.tsx";
import { RelativeTime } from "#web/ui/relative-time.tsx";

/** Two people changed the same: both are shown, and one is chosen. Closing it goes back to one's own words; nothing is lost. */
export function CollisionDialog({
  collision: { at, by, byId, differing },
  decide,
}: {
  collision: Collision;
  decide: (decision: Decision) => void;
}) {
  // Nobody takes their own name for somebody else's: two windows of one person meet here too.
  const isViewer = useViewer().id === byId;
  return (
    <Dialog
      open
      onOpenChange={(open) => (open ? undefined : decide("back"))}
      width="xl"
      title="Changed elsewhere meanwhile"
      description={
        <>
          {isViewer ? "You changed the same in another window," : `${by} changed the same`}{" "}
          {at ? <RelativeTime at={at} /> : "a moment ago"}. Nothing of yours is saved yet.
        </>
      }
      actions={
        <>
          <Button onClick={() => decide("back")}>Go on writing</Button>
          <Button onClick={() => decide("theirs")}>Take theirs</Button>
          <Button variant="danger" onClick={() => decide("overwrite")}>
            Overwrite with mine
          </Button>
        </>
      }
    >
      <ul className="grid gap-4" aria-label="What differs">
        {differing.map(({ label, mine, theirs }) => (
          <li key={label} className="grid gap-2">
            <h3 className="text-sm font-semibold">{label}</h3>
            <div className="grid gap-2 sm:grid-cols-2">
              <Side title="Yours">{mine}</Side>
              <Side title="Theirs">{theirs}</Side>
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function Side({ title, children }: { title: string; children: string }) {
  return (
    <div className="grid min-w-0 content-start gap-1">
      <p className="text-xs text-ink-subtle">{title}</p>
      <p
        tabIndex={0}
        aria-label={title}
        role="group"
        className="scroll-quiet relative max-h-60 overflow-y-auto rounded-md border bg-sunken px-2 py-1 text-sm break-words whitespace-pre-wrap"
      >
        {children}
      </p>
    </div>
  );
}
