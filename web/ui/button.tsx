import { clsx } from "clsx";
import { createLink } from "@tanstack/react-router";
import { cva, type VariantProps } from "class-variance-authority";
import { LoaderCircle, type LucideIcon } from "lucide-react";
import { useRef, useState, type ComponentProps, type MouseEvent, type ReactNode } from "react";
import { Tooltip } from "#web/ui/tooltip.tsx";

const style = cva(
  "relative inline-flex shrink-0 items-center justify-center gap-2 rounded-md border font-medium " +
    "whitespace-nowrap select-none transition-colors aria-disabled:cursor-not-allowed aria-disabled:opacity-60 " +
    "disabled:cursor-not-allowed disabled:opacity-60",
  {
    variants: {
      variant: {
        primary: "border-transparent bg-accent text-on-accent not-aria-disabled:hover:bg-accent-hover",
        secondary:
          "border-line bg-raised text-ink not-aria-disabled:hover:bg-hover not-aria-disabled:active:bg-pressed",
        ghost: "border-transparent text-ink-muted not-aria-disabled:hover:bg-hover not-aria-disabled:hover:text-ink",
        danger: "border-transparent bg-danger text-on-accent not-aria-disabled:hover:bg-danger-hover",
      },
      size: {
        md: "h-8 px-3 text-base pointer-coarse:h-11",
        sm: "h-7 px-2 text-sm pointer-coarse:h-11",
      },
      square: { true: "px-0", false: "" },
    },
    compoundVariants: [
      { square: true, size: "md", class: "w-8 pointer-coarse:w-11" },
      { square: true, size: "sm", class: "w-7 pointer-coarse:w-11" },
    ],
    defaultVariants: { variant: "secondary", size: "md", square: false },
  },
);

type Look = Pick<VariantProps<typeof style>, "variant" | "size">;

type Common = Omit<ComponentProps<"button">, "disabled" | "children" | "aria-label"> &
  Look & {
    /** Why it cannot be pressed now. The button stays in place and says so; null or undefined means it can. */
    disabledReason?: string | null;
    /** The act is under way: the button keeps its width and takes no second press. */
    loading?: boolean;
  };

export type ButtonProps = Common & { icon?: LucideIcon; children: ReactNode };

/** A button whose words are a verb: "Start sequence", not "Submit". */
export function Button({ icon, children, ...rest }: ButtonProps) {
  return (
    <PlainButton {...rest}>
      <Content icon={icon}>{children}</Content>
    </PlainButton>
  );
}

export type IconButtonProps = Common & {
  icon: LucideIcon;
  /** Read by screen readers and shown on hover: an icon alone says nothing. */
  label: string;
  keys?: readonly string[];
  /** No tooltip, where the icon is known to everybody: the cross of a dialog. */
  quiet?: boolean;
  tooltipSide?: "top" | "right" | "bottom" | "left";
};

/** A square button with an icon, a name and a tooltip. Ghost unless told otherwise. */
export function IconButton(props: IconButtonProps) {
  const { icon: Icon, label, keys, quiet, tooltipSide, variant = "ghost", ...rest } = props;
  const button = (
    <PlainButton variant={variant} square aria-label={label} {...rest}>
      <Icon className="icon" aria-hidden />
    </PlainButton>
  );
  if (quiet || rest.disabledReason) return button;
  return (
    <Tooltip content={label} keys={keys} side={tooltipSide}>
      {button}
    </Tooltip>
  );
}

/** The second press of a double click comes within this time, and before the first one has drawn anything. */
const DOUBLE_CLICK_MS = 500;

/** Acts that must not happen twice: those that can be under way, and what a form sends. */
const isAct = ({ loading, type }: Pick<Common, "loading" | "type">) => loading !== undefined || type === "submit";

type PlainProps = Common & { square?: boolean; "aria-label"?: string; children: ReactNode };

function PlainButton({ variant, size, square, disabledReason, loading, className, onClick, ...rest }: PlainProps) {
  const [open, setOpen] = useState(false);
  const refused = Boolean(disabledReason) || loading === true;
  const pressedAt = useRef(-Infinity);
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    const isSecond = isAct({ loading, type: rest.type }) && event.timeStamp - pressedAt.current < DOUBLE_CLICK_MS;
    if (!refused && !isSecond) {
      pressedAt.current = event.timeStamp;
      return onClick?.(event);
    }
    event.preventDefault();
    // A finger has no hover: pressing shows the reason too.
    if (disabledReason) setOpen(true);
  };
  const button = (
    <button
      type="button"
      {...rest}
      aria-disabled={refused || undefined}
      aria-busy={loading || undefined}
      onClick={press}
      className={clsx(style({ variant, size, square }), loading && "[&>*:not([data-spinner])]:opacity-0", className)}
    >
      {rest.children}
      {loading ? (
        <LoaderCircle data-spinner className="icon absolute animate-spin motion-reduce:animate-none" aria-hidden />
      ) : null}
    </button>
  );
  if (!disabledReason) return button;
  return (
    <Tooltip content={disabledReason} open={open} onOpenChange={setOpen}>
      {button}
    </Tooltip>
  );
}

type AnchorProps = Omit<ComponentProps<"a">, "children"> & Look & { icon?: LucideIcon; children: ReactNode };

function Anchor({ variant, size, icon, className, children, ...rest }: AnchorProps) {
  return (
    <a {...rest} className={clsx(style({ variant, size }), className)}>
      <Content icon={icon}>{children}</Content>
    </a>
  );
}

/** A link that looks like a button: it goes somewhere, a Button does something. Takes `to`, `params`, `search`. */
export const LinkButton = createLink(Anchor);

function Content({ icon: Icon, children }: { icon?: LucideIcon; children: ReactNode }) {
  return (
    <>
      {Icon ? <Icon className="icon" aria-hidden /> : null}
      <span>{children}</span>
    </>
  );
}
