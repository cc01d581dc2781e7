/** What a job of the queue can be in. Apart from its schemas: pages that only name the states load none. */
export const JOB_STATES = ["ready", "running", "retrying", "failed"] as const;
export type JobState = (typeof JOB_STATES)[number];
