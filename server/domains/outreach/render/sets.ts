/** How the body of an e-mail script is written. */
export const BODY_FORMATS = ["markdown", "html"] as const;
export type BodyFormat = (typeof BODY_FORMATS)[number];

/** What keeps a script from being sent to anybody. */
export const SCRIPT_FAULTS = [
  "no_subject",
  "no_content",
  "bad_voice_settings",
  "too_long",
  "bad_template",
  "unknown_variable",
] as const;
