import type { ReactNode } from "react";

export type EntryCardProps = {
  title: string;
  /** One line under the title. */
  context?: ReactNode;
  /** Where else to go: "No account yet? Sign up". */
  foot?: ReactNode;
  children?: ReactNode;
};

/** The shell of every page that is shown before one has signed in. */
export function EntryCard({ title, context, foot, children }: EntryCardProps) {
  return (
    <main className="relative flex min-h-dvh flex-col items-center justify-center gap-4 bg-sunken p-4">
      <title>{`${title} · Throughline`}</title>
      <p className="flex items-center gap-2 text-base font-semibold">
        <img src="/favicon.svg" alt="" className="size-6" />
        Throughline
      </p>
      <div className="grid w-full max-w-sm gap-4 rounded-lg border bg-canvas p-6">
        <div className="grid gap-1">
          <h1 className="text-xl font-semibold">{title}</h1>
          {context ? <div className="text-sm text-ink-muted">{context}</div> : null}
        </div>
        {children}
      </div>
      {foot ? <p className="text-sm text-ink-muted">{foot}</p> : null}
    </main>
  );
}

/** How a link within a sentence looks on these pages. */
export const inlineLink = "rounded-md font-medium text-accent-ink hover:underline";
