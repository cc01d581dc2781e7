/** A sender is judged by its last so many sends, once there are enough of them to judge by. */
export const HEALTH_WINDOW = 500;
export const HEALTH_LEAST = 50;
/** In thousandths: 2 % hard bounces, 0.1 % complaints, above which mailbox providers begin to refuse a sender. */
export const BOUNCE_LIMIT_PERMILLE = 20;
export const COMPLAINT_LIMIT_PERMILLE = 1;

export type SenderHealth = { sends: number; bounces: number; complaints: number };
export type HealthFault = { cause: "bounces" | "complaints"; reason: string };

/** Why a sender with these figures must not go on by itself; null when it may. Complaints come first: they are the worse sign. */
export function whyPauseSender({ sends, bounces, complaints }: SenderHealth): HealthFault | null {
  if (sends < HEALTH_LEAST) return null;
  const of = `of its last ${sends} messages`;
  if (complaints * 1_000 >= sends * COMPLAINT_LIMIT_PERMILLE && complaints > 0)
    return { cause: "complaints", reason: `${complaints} ${of} were reported as spam` };
  if (bounces * 1_000 >= sends * BOUNCE_LIMIT_PERMILLE && bounces > 0)
    return { cause: "bounces", reason: `${bounces} ${of} came back for good` };
  return null;
}
