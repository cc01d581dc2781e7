/** One line for a timeline: the subject, else the first words. At most 120 characters. */
export function summaryOf(subject: string | null, text: string): string {
  const line = (subject?.trim() || text).replace(/\s+/g, " ").trim();
  return line.length > 120 ? `${line.slice(0, 119)}…` : line;
}
