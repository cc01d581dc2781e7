import type { ReactNode } from "react";
import type { ScriptDetail, ScriptDraft, ScriptPatch } from "#domains/outreach/contract/scripts.ts";
import { SkeletonText } from "#web/ui/skeleton.tsx";

export type ScriptEditorProps = {
  script: ScriptDetail;
  /** `base`: the script that the words began from. Throws the API's refusal; its faults land on their fields. */
  onSave: (patch: ScriptPatch, base: ScriptDetail) => Promise<unknown>;
  whyNot: string | null;
  /** Whom the preview is for: their own fields are offered as variables. */
  leadId: string | undefined;
  /** What stands beside the form, for the text as it is typed. */
  preview: (draft: ScriptDraft) => ReactNode;
};

/** Stays in view while a long text scrolls. */
export function EditorFoot({
  isDirty,
  isChanged,
  insert,
  children,
}: {
  isDirty: boolean;
  /** Somebody else saved it under unsaved words. */
  isChanged: boolean;
  insert: ReactNode;
  children: ReactNode;
}) {
  const unsaved = isChanged
    ? "Saved elsewhere since you began: before yours goes over the same words, you are shown both"
    : "Unsaved changes";
  return (
    <div className="sticky -bottom-4 z-10 -mx-4 -mb-4 flex flex-wrap items-center gap-2 border-t bg-canvas px-4 py-3 sm:-mx-6 sm:px-6">
      {insert}
      <span role="status" className="ml-auto max-w-prose min-w-0 text-sm text-warning-ink">
        {isDirty ? unsaved : ""}
      </span>
      {children}
    </div>
  );
}

/** The form, and beside it (below it where there is no room) what it comes to. */
export function EditorSplit({ preview, children }: { preview: ReactNode; children: ReactNode }) {
  return (
    <div className="scroll-quiet relative flex min-h-0 grow flex-col overflow-y-auto border-t lg:flex-row lg:overflow-hidden">
      <div className="min-w-0 grow basis-0 px-4 py-4 max-lg:basis-auto sm:px-6 lg:relative lg:overflow-y-auto">
        {children}
      </div>
      <div className="min-w-0 grow basis-0 px-4 py-4 max-lg:basis-auto max-lg:border-t sm:px-6 lg:relative lg:overflow-y-auto lg:border-l">
        {preview}
      </div>
    </div>
  );
}

/** While the editor itself is on its way. */
export function EditorPending() {
  return (
    <EditorSplit preview={<SkeletonText lines={6} />}>
      <SkeletonText lines={12} />
    </EditorSplit>
  );
}
