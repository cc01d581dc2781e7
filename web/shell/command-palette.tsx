import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command as Cmdk } from "cmdk";
import { Moon, Search, Sun, SunMoon } from "lucide-react";
import { Dialog } from "radix-ui";
import { useDeferredValue, useState } from "react";
import { useFinders, usePageCommands, type Command, type Finder } from "#web/shell/commands.ts";
import { footNavigation, linksOf, navigation, useNavigation } from "#web/shell/navigation.ts";
import { setTheme } from "#web/shell/theme.ts";
import { Kbd } from "#web/ui/kbd.tsx";

const THEME_COMMANDS: readonly Command[] = [
  { id: "theme-light", label: "Light theme", icon: Sun, run: () => setTheme("light") },
  { id: "theme-dark", label: "Dark theme", icon: Moon, run: () => setTheme("dark") },
  { id: "theme-system", label: "Theme of the system", icon: SunMoon, run: () => setTheme("system") },
];

/** Finds records, goes to pages and does what the page offers, all from the keyboard. Loaded when first opened. */
export function CommandPalette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 animate-fade bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-2 top-[12dvh] z-50 mx-auto max-w-lg animate-rise overflow-hidden rounded-lg bg-raised shadow-float"
        >
          <Dialog.Title className="sr-only">Search and commands</Dialog.Title>
          <Palette onDone={() => onOpenChange(false)} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Palette({ onDone }: { onDone: () => void }) {
  const [text, setText] = useState("");
  const searched = useDeferredValue(text.trim());
  const pageCommands = usePageCommands();
  const finders = useFinders();
  const navigate = useNavigate();
  const places = linksOf([...useNavigation(navigation), ...useNavigation(footNavigation)]).map(
    ({ to, label, icon }): Command => ({ id: to, label, icon, run: () => void navigate({ to }) }),
  );
  const run = (command: Command) => {
    onDone();
    command.run();
  };
  return (
    <Cmdk label="Search and commands" loop>
      <div className="flex items-center gap-2 border-b px-3">
        <Search className="icon text-ink-subtle" aria-hidden />
        <Cmdk.Input
          value={text}
          onValueChange={setText}
          placeholder="Search or do something…"
          className="h-12 min-w-0 grow bg-transparent text-lg outline-none"
        />
        <Kbd keys={["Esc"]} />
      </div>
      <Cmdk.List
        label="Results"
        className="scroll-quiet max-h-[50dvh] overflow-y-auto p-1 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-subtle"
      >
        <Cmdk.Empty className="px-2 py-8 text-center text-sm text-ink-subtle">Nothing found</Cmdk.Empty>
        {searched.length > 1
          ? finders.map((finder) => <Found key={finder.id} finder={finder} text={searched} onRun={run} />)
          : null}
        <Group heading="On this page" commands={pageCommands} onRun={run} />
        <Group heading="Go to" commands={places} onRun={run} />
        <Group heading="Appearance" commands={THEME_COMMANDS} onRun={run} />
      </Cmdk.List>
    </Cmdk>
  );
}

function Found({ finder, text, onRun }: { finder: Finder; text: string; onRun: (command: Command) => void }) {
  const { data } = useQuery({
    queryKey: ["palette", finder.id, text],
    queryFn: ({ signal }) => finder.find(text, signal),
    placeholderData: (previous) => previous,
  });
  return <Group heading={finder.heading} commands={data ?? []} onRun={onRun} found />;
}

type GroupProps = {
  heading: string;
  commands: readonly Command[];
  onRun: (command: Command) => void;
  /** The server has matched already: show as they are. */
  found?: boolean;
};

function Group({ heading, commands, onRun, found }: GroupProps) {
  if (commands.length === 0) return null;
  return (
    <Cmdk.Group heading={heading} forceMount={found}>
      {commands.map((command) => (
        <Cmdk.Item
          key={command.id}
          value={command.id}
          keywords={[command.label, ...(command.keywords ?? [])]}
          forceMount={found}
          onSelect={() => onRun(command)}
          className="menu-item"
        >
          {command.icon ? <command.icon className="icon text-ink-muted" aria-hidden /> : null}
          <span className="min-w-0 grow truncate">
            {command.label}
            {command.hint ? <span className="text-ink-subtle"> {command.hint}</span> : null}
          </span>
          {command.keys ? <Kbd keys={command.keys} /> : null}
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}
