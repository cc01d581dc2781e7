import { defineProblem } from "#platform/problems.ts";

export const ScriptNotFound = defineProblem(
  "script-not-found",
  404,
  "There is no such script",
  "No script of your workspace has this id. It may have been deleted.",
);
export const ScriptVersionNotFound = defineProblem(
  "script-version-not-found",
  404,
  "There is no such version",
  "The script has no version of this number. Versions are numbered from 1.",
);
export const ScriptInUse = defineProblem(
  "script-in-use",
  409,
  "A sequence sends this script",
  "A sequence that is active or paused has a step with this script. Give the step another script, or archive the sequence, and try again.",
);
export const ScriptBreaksSequence = defineProblem(
  "script-breaks-sequence",
  422,
  "An active sequence could not send this",
  "Each entry of errors names a fault of the text. An active sequence sends this script, so it is only saved without faults. Correct it, or pause the sequence first.",
);
export const CampaignNotFound = defineProblem(
  "campaign-not-found",
  404,
  "There is no such campaign",
  "No campaign of your workspace has this id. It may have been deleted.",
);
export const CampaignNotInState = defineProblem(
  "campaign-not-in-state",
  409,
  "The campaign does not allow this now",
  "A campaign goes from draft to active, may be paused and activated again, and ends as completed.",
);
export const CampaignInUse = defineProblem(
  "campaign-in-use",
  409,
  "Leads are under way in this campaign",
  "Without their campaign the leads would go on in their sequences, whatever the campaign's state held back. Cancel their enrollments first.",
);
export const SequenceNotFound = defineProblem(
  "sequence-not-found",
  404,
  "There is no such sequence",
  "No sequence of your workspace has this id. It may have been deleted.",
);
export const SequenceNotInState = defineProblem(
  "sequence-not-in-state",
  409,
  "The sequence does not allow this now",
  "A sequence goes from draft to active, may be paused and resumed, and ends as archived. What is archived is only read.",
);
export const SequenceNotReady = defineProblem(
  "sequence-not-ready",
  422,
  "The sequence cannot be activated yet",
  "Each entry of errors is one thing to put right: a step without a script, a fault of a script, a channel without a vendor.",
);
export const PublishPreviewOutdated = defineProblem(
  "publish-preview-outdated",
  409,
  "Something has changed since the preview",
  "A draft is published as its preview showed it, or not at all. Either the draft was edited, or people have moved on in the sequence, so that somebody would fare otherwise than shown. Look at a new preview. While the sequence is paused nobody moves on.",
);
export const SequenceVersionNotFound = defineProblem(
  "sequence-version-not-found",
  404,
  "There is no such version",
  "The sequence has not been published under this number. Versions are numbered from 1.",
);
export const EnrollmentNotFound = defineProblem(
  "enrollment-not-found",
  404,
  "There is no such enrollment",
  "No enrollment of your workspace has this id. It may have gone with its lead.",
);
export const EnrollmentNotInState = defineProblem(
  "enrollment-not-in-state",
  409,
  "The enrollment does not allow this now",
  "An enrollment is active, may be paused and resumed, and ends once. What was paused with its sequence is resumed with it.",
);
export const BulkEnrollmentNotFound = defineProblem(
  "bulk-enrollment-not-found",
  404,
  "There is no such bulk enrolment",
  "No bulk enrolment of your workspace has this id. It may have gone with its sequence.",
);
export const BulkEnrollmentNotInState = defineProblem(
  "bulk-enrollment-not-in-state",
  409,
  "The bulk enrolment is over",
  "A bulk enrolment can be cancelled while it waits or runs. Whoever it has enrolled stays in the sequence.",
);
export const BulkAssignmentNotFound = defineProblem(
  "bulk-assignment-not-found",
  404,
  "There is no such bulk assignment",
  "No bulk assignment of your workspace has this id. It may have gone with its campaign.",
);
export const BulkAssignmentNotInState = defineProblem(
  "bulk-assignment-not-in-state",
  409,
  "The bulk assignment does not allow this now",
  "A bulk assignment can be stopped while it waits or runs, and undone once, within thirty days after it has ended.",
);
export const ExecutionNotFound = defineProblem(
  "execution-not-found",
  404,
  "There is no such execution",
  "No step of a lead of your workspace has this id. It may have gone with its lead.",
);
export const ExecutionNotInState = defineProblem(
  "execution-not-in-state",
  409,
  "The step does not allow this now",
  "A step can be left out or moved while it is planned. Once it is with its vendor, or decided, it stays as it is.",
);
export const SimulationNotFound = defineProblem(
  "simulation-not-found",
  404,
  "There is no such simulation",
  "No simulation of your workspace has this id. Results are kept for 30 days.",
);
export const SimulationNotInState = defineProblem(
  "simulation-not-in-state",
  409,
  "The simulation is over",
  "Only a simulation that waits or runs can be cancelled.",
);
export const TooManySimulations = defineProblem(
  "too-many-simulations",
  409,
  "Other simulations are under way",
  "A workspace may have three simulations waiting or running. Wait for one of them, or cancel it.",
);
