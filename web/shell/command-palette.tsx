import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command as Cmdk } from "cmdk";
import { Moon, Sun, SunMoon } from "lucide-react";
import { useLayoutEffect, useRef, useState } from "react";
import { problemOf } from "#web/problem.ts";
import { loadFinders, usePageCommands, type Command } from "#web/shell/commands.ts";
import { footNavigation, furtherNavigation, linksOf, navigation, useNavigation } from "#web/shell/navigation.ts";
import {
  MOST_LETTERS,
  PALETTE_INPUT,
  PALETTE_PLACEHOLDER,
  PaletteHead,
  type PaletteProps,
} from "#web/shell/palette-frame.tsx";
import { setTheme } from "#web/shell/theme.ts";
import { useMay } from "#web/shell/viewer.tsx";
import { Kbd } from "#web/ui/kbd.tsx";
import { useSettled } from "#web/ui/use-settled.ts";

/** Long enough that typing a word asks once, short enough to feel immediate. */
const PAUSE_MS = 150;

/** What one letter finds is no answer. */
const FEWEST_LETTERS = 2;

const THEME_COMMANDS: readonly Command[] = [
  { id: "theme-light", label: "Light theme", icon: Sun, run: () => setTheme("light") },
  { id: "theme-dark", label: "Dark theme", icon: Moon, run: () => setTheme("dark") },
  { id: "theme-system", label: "Theme of the system", icon: SunMoon, run: () => setTheme("system") },
];

/** Finds records, goes to pages and does what the page offers, all from the keyboard. Loaded late: begins with what was typed meanwhile. */
export function Palette({ typed, onDone }: PaletteProps) {
  const [text, setText] = useState(typed.text);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(typed.from, typed.to);
  }, [typed]);
  const pageCommands = usePageCommands();
  const navigate = useNavigate();
  const found = useFound(text.trim());
  const places = linksOf([
    ...useNavigation(navigation),
    ...useNavigation(footNavigation),
    ...useNavigation(furtherNavigation),
  ]).map(({ to, label, icon }): Command => ({ id: to, label, icon, run: () => void navigate({ to }) }));
  const matching = (commands: readonly Command[]) => commands.filter((command) => isMeant(command, text));
  const run = (command: Command) => {
    onDone();
    command.run();
  };
  return (
    // What fits is decided here and by the server: the records come after the rest, so that nothing jumps when they arrive.
    <Cmdk label="Search and commands" loop shouldFilter={false}>
      <PaletteHead>
        <Cmdk.Input
          ref={field}
          value={text}
          onValueChange={setText}
          maxLength={MOST_LETTERS}
          placeholder={PALETTE_PLACEHOLDER}
          className={PALETTE_INPUT}
        />
      </PaletteHead>
      <Cmdk.List
        label="Results"
        className="scroll-quiet max-h-[50dvh] overflow-y-auto p-1 [&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-ink-subtle"
      >
        <Cmdk.Empty className="px-2 py-8 text-center text-sm text-ink-subtle">
          {found.isPending ? "Searching…" : "Nothing found"}
        </Cmdk.Empty>
        <Group heading="On this page" commands={matching(pageCommands)} onRun={run} />
        <Group heading="Go to" commands={matching(places)} onRun={run} />
        <Group heading="Appearance" commands={matching(THEME_COMMANDS)} onRun={run} />
        {found.groups.map(({ heading, commands }) => (
          <Group key={heading} heading={heading} commands={commands} onRun={run} />
        ))}
        {found.error ? (
          <p role="alert" className="px-2 py-3 text-sm text-danger-ink">
            {problemOf(found.error).title}
          </p>
        ) : null}
      </Cmdk.List>
    </Cmdk>
  );
}

/** The records that fit what is typed, of every kind that this person may see. */
function useFound(typed: string) {
  const text = useSettled(typed, PAUSE_MS);
  const may = useMay();
  const navigate = useNavigate();
  const isWanted = text.length >= FEWEST_LETTERS;
  const { data, error, isFetching } = useQuery({
    queryKey: ["palette", text],
    queryFn: async ({ signal }) => {
      const finders = (await loadFinders()).filter(({ permission }) => may(permission));
      return Promise.all(
        finders.map(async ({ heading, icon, find }) => ({ heading, icon, records: await find(text, signal) })),
      );
    },
    // Icons are no data to be compared.
    structuralSharing: false,
    enabled: isWanted,
    placeholderData: isWanted ? keepPreviousData : undefined,
  });
  const groups = ((isWanted && data) || []).map(({ heading, icon, records }) => ({
    heading,
    commands: records.map(({ id, label, hint, link }): Command => ({
      id,
      label,
      hint,
      icon,
      run: () => void navigate(link),
    })),
  }));
  const isPending = isFetching || (typed !== text && typed.length >= FEWEST_LETTERS);
  return { groups, error: isWanted ? error : null, isPending };
}

/** Every word that is typed stands in the command's words. */
function isMeant({ label, keywords = [] }: Command, typed: string): boolean {
  const words = [label, ...keywords].join(" ").toLowerCase();
  return typed
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word));
}

type GroupProps = { heading: string; commands: readonly Command[]; onRun: (command: Command) => void };

function Group({ heading, commands, onRun }: GroupProps) {
  if (commands.length === 0) return null;
  return (
    <Cmdk.Group heading={heading}>
      {commands.map((command) => (
        <Cmdk.Item key={command.id} value={command.id} onSelect={() => onRun(command)} className="menu-item">
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
