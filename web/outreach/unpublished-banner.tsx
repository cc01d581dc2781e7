import { Suspense, useState } from "react";
import type { SequenceDetail } from "#domains/outreach/contract/sequences.ts";
import { changeNoun } from "#web/outreach/version-words.ts";
import { useVersionActs } from "#web/outreach/version-query.ts";
import { problemOf } from "#web/problem.ts";
import { Banner } from "#web/ui/banner.tsx";
import { Button, LinkButton } from "#web/ui/button.tsx";
import { ConfirmDialog } from "#web/ui/confirm-dialog.tsx";
import { countOf } from "#web/ui/format.ts";
import { late } from "#web/ui/late.tsx";

const PublishDialog = late(() => import("#web/outreach/publish-dialog.tsx").then((module) => module.PublishDialog));

export type UnpublishedBannerProps = {
  sequence: SequenceDetail;
  whyNot: string | null;
  /** Something is typed and not saved: it is no part of the draft yet. */
  isDirty: boolean;
};

/** Says that the steps differ from what people go through, and what can be done about it. Nothing while they do not. */
export function UnpublishedBanner({ sequence, whyNot, isDirty }: UnpublishedBannerProps) {
  const { id: sequenceId, name, version, unpublished, status } = sequence;
  const [dialog, setDialog] = useState<"publish" | "discard">();
  // The draft that the person was asked about: what somebody adds meanwhile is not given up with it.
  const [asked, setAsked] = useState(sequence);
  const close = () => setDialog(undefined);
  const { discard } = useVersionActs(close);
  const refused = discard.error ? problemOf(discard.error) : undefined;
  const whyNotNow = whyNot ?? (isDirty ? "Save or discard what you have typed first" : null);
  const askDiscard = () => {
    discard.reset();
    setAsked(sequence);
    setDialog("discard");
  };
  if (version === null || unpublished === 0 || status === "ARCHIVED") return null;
  return (
    <div className="shrink-0 px-4 pb-3 sm:px-6">
      <Banner
        tone="info"
        action={
          <div className="flex flex-wrap gap-2">
            <LinkButton size="sm" to="." search={{ tab: "versions" }}>
              What differs
            </LinkButton>
            <Button size="sm" disabledReason={whyNotNow} onClick={askDiscard}>
              Discard changes
            </Button>
            <Button size="sm" variant="primary" disabledReason={whyNotNow} onClick={() => setDialog("publish")}>
              Publish…
            </Button>
          </div>
        }
      >
        <p className="font-medium">{countOf(unpublished, changeNoun)} not published</p>
        <p>People go through version {version} until you publish the draft.</p>
      </Banner>
      <ConfirmDialog
        open={dialog === "discard"}
        onOpenChange={close}
        title={`Discard ${countOf(asked.unpublished, changeNoun)}?`}
        consequences={`The steps of “${name}” become what version ${version} has. Steps that were added since are gone.`}
        action="Discard changes"
        loading={discard.isPending}
        error={refused && [refused.title, refused.detail].filter(Boolean).join(". ")}
        onConfirm={() => discard.mutate({ sequenceId, expectedUpdatedAt: asked.updatedAt })}
      />
      <Suspense>{dialog === "publish" ? <PublishDialog sequence={sequence} onClose={close} /> : null}</Suspense>
    </div>
  );
}
