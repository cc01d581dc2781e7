import { clsx } from "clsx";
import type { ReactNode } from "react";
import { Card } from "#web/ui/card.tsx";

/** Specimens beside each other; one column on a phone. */
export function Specimens({ children }: { children: ReactNode }) {
  return <div className="grid gap-4 xl:grid-cols-2">{children}</div>;
}

/** One primitive in its states. */
export function Specimen(props: { title: string; about?: string; row?: boolean; wide?: boolean; children: ReactNode }) {
  const { title, about, row, wide, children } = props;
  return (
    <Card title={title} description={about} className={clsx(wide && "xl:col-span-2")}>
      <div className={row ? "flex flex-wrap items-center gap-2" : "grid gap-4"}>{children}</div>
    </Card>
  );
}
