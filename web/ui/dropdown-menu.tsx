import { clsx } from "clsx";
import { Check, type LucideIcon } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import { Fragment, type ReactNode } from "react";
import { Kbd } from "#web/ui/kbd.tsx";

export type MenuItem = {
  label: string;
  icon?: LucideIcon;
  keys?: readonly string[];
  danger?: boolean;
  /** The line stays visible and says why it cannot be chosen. */
  disabledReason?: string | null;
  /** With `checked`, the line is a choice that stays open for the next one. */
  checked?: boolean;
  onSelect: () => void;
};

export type MenuSection = { heading?: string; items: readonly MenuItem[] };

export type DropdownMenuProps = {
  /** One button. */
  trigger: ReactNode;
  sections: readonly MenuSection[];
  align?: "start" | "end";
  /** Something above the lines: who is signed in, a search box. */
  header?: ReactNode;
};

/** Acts of second rank behind one button. */
export function DropdownMenu({ trigger, sections, align = "end", header }: DropdownMenuProps) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className={clsx("menu", "max-h-(--radix-dropdown-menu-content-available-height) min-w-48 max-w-sm")}
        >
          {header}
          {sections.map((section, index) => (
            <Fragment key={section.heading ?? index}>
              {index > 0 || header ? <Radix.Separator className="-mx-1 my-1 h-px bg-line" /> : null}
              {section.heading ? <Radix.Label className="menu-heading">{section.heading}</Radix.Label> : null}
              {section.items.map((item) => (
                <Line key={item.label} item={item} />
              ))}
            </Fragment>
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Line({ item }: { item: MenuItem }) {
  const className = clsx("menu-item", item.danger && "text-danger-ink");
  const words = (
    <>
      {item.icon ? <item.icon className="icon" aria-hidden /> : null}
      <span className="grid grow">
        {item.label}
        {item.disabledReason ? <span className="text-xs">{item.disabledReason}</span> : null}
      </span>
      {item.keys ? <Kbd keys={item.keys} /> : null}
    </>
  );
  if (item.checked === undefined) {
    return (
      <Radix.Item className={className} disabled={Boolean(item.disabledReason)} onSelect={() => item.onSelect()}>
        {words}
      </Radix.Item>
    );
  }
  return (
    <Radix.CheckboxItem
      className={clsx(className, "pr-8")}
      checked={item.checked}
      disabled={Boolean(item.disabledReason)}
      onSelect={(event) => {
        event.preventDefault();
        item.onSelect();
      }}
    >
      {words}
      <Radix.ItemIndicator className="absolute right-2">
        <Check className="icon text-accent-ink" aria-hidden />
      </Radix.ItemIndicator>
    </Radix.CheckboxItem>
  );
}
