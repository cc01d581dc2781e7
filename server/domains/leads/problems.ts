import { Problem, defineProblem } from "#platform/problems.ts";

export const LeadNotFound = defineProblem(
  "lead-not-found",
  404,
  "There is no such lead",
  "No lead of your workspace has this id. It may have been deleted, or merged into another.",
);
export const LeadMerged = defineProblem(
  "lead-merged",
  410,
  "This lead is part of another now",
  "Two leads were found to be one person and merged. Its history is on the other lead; the merge can be undone for 90 days.",
);
/** Names the lead that it is part of now, for people and for programs. */
export const mergedInto = (survivorId: string) =>
  new Problem(LeadMerged.definition, {
    detail: `It is part of the lead ${survivorId} now.`,
    movedTo: survivorId,
  });
export const MergeNotFound = defineProblem(
  "merge-not-found",
  404,
  "There is no such merge",
  "No merge of your workspace has this id. It goes with the lead that came of it.",
);
export const MergeNotUndoable = defineProblem(
  "merge-not-undoable",
  409,
  "This merge cannot be undone",
  "A merge is undone within 90 days, while the lead that came of it is there and nobody else has got an address of the two.",
);
export const LeadConflict = defineProblem(
  "lead-conflict",
  409,
  "This is one lead by its ID and another by its e-mail",
  "The ID of the other system belongs to one lead and the e-mail address to another. Nothing was changed. Look at both and correct the one that is wrong.",
);
export const AddressTaken = defineProblem(
  "lead-address-taken",
  409,
  "Another lead has this address",
  "An e-mail address or LinkedIn page belongs to one lead only. Open the other lead, or remove the address there first.",
);
export const ExternalIdTaken = defineProblem(
  "external-id-taken",
  409,
  "Another lead has this ID",
  "The ID of another system names one lead of a source. Open the other lead, or remove the ID there first.",
);
export const LeadErased = defineProblem(
  "lead-erased",
  409,
  "This person's data was erased",
  "The lead is kept without personal data and cannot be changed any more.",
);
export const ErasureNotFound = defineProblem(
  "erasure-not-found",
  404,
  "There is no such certificate",
  "No erasure of your workspace has this id.",
);
export const TagNotFound = defineProblem(
  "tag-not-found",
  404,
  "There is no such tag",
  "No tag of your workspace has this id. It may have been deleted.",
);
export const TagNameTaken = defineProblem(
  "tag-name-taken",
  409,
  "A tag of this name exists",
  "Names of tags are compared without case and accents. Use the tag that is there, or another name.",
);
export const FieldNotFound = defineProblem(
  "custom-field-not-found",
  404,
  "There is no such field",
  "No field of your workspace has this id.",
);
export const FieldKeyTaken = defineProblem(
  "custom-field-taken",
  409,
  "There is such a field",
  "Name and key of a field are its own in a workspace; archived fields keep their key. Take another name, or the field that is there.",
);
export const FieldInUse = defineProblem(
  "custom-field-in-use",
  409,
  "Leads hold values of it",
  "The type of a field stays while leads have values. An option that leads hold goes only when that is asked for outright; they keep it until another is chosen.",
);
export const SavedFilterNotFound = defineProblem(
  "saved-filter-not-found",
  404,
  "There is no such view",
  "No saved filter of your workspace that you may see has this id.",
);
export const FilterNameTaken = defineProblem(
  "saved-filter-name-taken",
  409,
  "A view of this name exists",
  "Names of saved filters are compared without case and accents. It may be one that somebody keeps to themselves.",
);
export const BulkActionNotFound = defineProblem(
  "bulk-action-not-found",
  404,
  "There is no such bulk action",
  "No bulk action of your workspace has this id.",
);
export const BulkActionNotInState = defineProblem(
  "bulk-action-not-in-state",
  409,
  "The bulk action is over",
  "Only one that is queued or running can be stopped.",
);
export const BulkActionNotUndoable = defineProblem(
  "bulk-action-not-undoable",
  409,
  "This bulk action cannot be undone",
  "Changes of tags, statuses and values are put back once, within 30 days, after they have ended. Deleting and suppressing are not: a person who said no stays heard.",
);
export const SuppressionNotFound = defineProblem(
  "suppression-not-found",
  404,
  "There is no such suppression",
  "No suppression of your workspace has this id.",
);
export const AlreadyLifted = defineProblem(
  "suppression-already-lifted",
  409,
  "This suppression was lifted before",
  "It no longer holds anything back. If messages are still withheld, another suppression of the same address does it.",
);
export const OnlyPeopleLift = defineProblem(
  "only-people-lift",
  403,
  "Only a person lifts a suppression",
  "Somebody said no; only a person who gives a reason may decide otherwise. The one exception is START after STOP from the same number.",
);
export const ProposalNotFound = defineProblem(
  "merge-proposal-not-found",
  404,
  "There is no such proposal",
  "No open merge proposal of your workspace has this id. It may have been decided, or one of its leads deleted.",
);
export const ImportNotFound = defineProblem(
  "import-not-found",
  404,
  "There is no such import",
  "No import of your workspace has this id.",
);
export const ImportNotInState = defineProblem(
  "import-not-in-state",
  409,
  "The import does not allow this now",
  "What can be done depends on how far the import has come: a running one can be cancelled, a finished one is only read.",
);
export const ImportFileGone = defineProblem(
  "import-file-gone",
  409,
  "The uploaded file is no longer there",
  "Files are removed when their import has ended. Upload the file again: rows that were imported are found and not made twice.",
);
export const NoFile = defineProblem(
  "no-file",
  422,
  "The request carries no file",
  "Send the file as multipart/form-data, in one part with a file name.",
);
export const FileUnreadable = defineProblem(
  "file-unreadable",
  422,
  "The file is not a CSV file",
  "Imports take text: CSV or TSV in UTF-8, UTF-16 or Windows-1252. Spreadsheets have an export for it.",
);
export const FileTooLarge = defineProblem(
  "import-file-too-large",
  413,
  "The file is larger than 512 MB",
  "One import takes 512 MB at most. Split the file and import the parts one by one.",
);
export const TooManyColumns = defineProblem(
  "import-too-many-columns",
  422,
  "The file has more than 500 columns",
  "One import takes 500 columns at most. Leave out those you do not need.",
);
export const TooManyRows = defineProblem(
  "import-too-many-rows",
  422,
  "The file has more than 1,000,000 rows",
  "One import takes 1,000,000 rows at most. Split the file and import the parts one by one.",
);
export const MappingUnusable = defineProblem(
  "mapping-unusable",
  422,
  "The columns cannot be mapped so",
  "Each entry of errors says what is wrong. A field is given once, and some column must give a name or an address.",
);
export const MappingNotFound = defineProblem(
  "mapping-not-found",
  404,
  "There is no such mapping",
  "No saved mapping of your workspace has this id.",
);

export const IntakeSourceNotFound = defineProblem(
  "intake-source-not-found",
  404,
  "There is no such source",
  "No source of your workspace has this id. It may have been deleted; what came by it is kept.",
);
export const IntakeNameTaken = defineProblem(
  "intake-name-taken",
  409,
  "A source of this name exists",
  "The name of a source stands on the leads that came by it: each has its own.",
);
export const IntakeNotFound = defineProblem(
  "intake-not-found",
  404,
  "Nothing is taken in here",
  "The address belongs to no form and no program, or it was switched off. Ask those who gave it to you for the new one.",
);
export const OriginNotAllowed = defineProblem(
  "origin-not-allowed",
  403,
  "This page may not send here",
  "The source names the pages that may send to it from a browser, and this is none of them. Its owner can add the page's address.",
);
export const SubmissionNotFound = defineProblem(
  "submission-not-found",
  404,
  "There is no such submission",
  "No submission of your workspace has this id, or it has been taken in.",
);
