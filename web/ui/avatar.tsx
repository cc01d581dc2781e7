import { clsx } from "clsx";

const SIZES = { sm: "size-5 text-xs", md: "size-6 text-xs", lg: "size-10 text-base" };

export type AvatarProps = { name: string; src?: string | null; size?: "sm" | "md" | "lg" };

/** A face or initials beside a written name; hidden from screen readers, since the name stands next to it. */
export function Avatar({ name, src, size = "md" }: AvatarProps) {
  const look = clsx("shrink-0 rounded-full select-none", SIZES[size]);
  if (src) return <img src={src} alt="" className={clsx(look, "object-cover")} />;
  return (
    <span
      aria-hidden
      className={clsx(look, "inline-flex items-center justify-center bg-pressed font-medium text-ink-muted")}
    >
      {initials(size === "sm" ? (name.split(" ")[0] ?? "") : name)}
    </span>
  );
}

/** First letters of the first and last word: `Ana Banerjee` → `AB`; `?` when there is no letter. */
export function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => /^[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.match(/^./u)?.[0] ?? "");
  return letters.join("").toLocaleUpperCase("en") || "?";
}
