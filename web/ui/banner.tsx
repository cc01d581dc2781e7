import { clsx } from "clsx";
import { CircleAlert, CircleCheck, Info, TriangleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

const LOOKS = {
  info: { icon: Info, className: "bg-info-soft text-info-ink" },
  positive: { icon: CircleCheck, className: "bg-positive-soft text-positive-ink" },
  warning: { icon: TriangleAlert, className: "bg-warning-soft text-warning-ink" },
  danger: { icon: CircleAlert, className: "bg-danger-soft text-danger-ink" },
} satisfies Record<string, { icon: LucideIcon; className: string }>;

export type BannerProps = {
  tone: keyof typeof LOOKS;
  /** At most one button. */
  action?: ReactNode;
  /** Across the whole page instead of inside a card. */
  wide?: boolean;
  icon?: LucideIcon;
  children: ReactNode;
};

/** A line about the state of the page or the system that stays until it is no longer true. */
export function Banner({ tone, action, wide, icon, children }: BannerProps) {
  const look = LOOKS[tone];
  const Icon = icon ?? look.icon;
  return (
    <div
      role={tone === "danger" ? "alert" : "status"}
      className={clsx(
        "flex flex-wrap items-start gap-x-2 gap-y-1 px-3 py-2 text-sm",
        wide ? "justify-center" : "rounded-lg",
        look.className,
      )}
    >
      <Icon className="icon mt-0.5" aria-hidden />
      <div className={clsx("min-w-0 leading-5", !wide && "grow basis-40")}>{children}</div>
      {action ? <div className="self-center">{action}</div> : null}
    </div>
  );
}
