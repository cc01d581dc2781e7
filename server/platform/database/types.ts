import type { ColumnType } from "kysely";
export type Generated<T> = T extends ColumnType<infer S, infer I, infer U>
  ? ColumnType<S, I | undefined, U>
  : ColumnType<T, T | undefined, T>;
export type Timestamp = ColumnType<Date, Date | string, Date | string>;

export type ABTest = {
    id: string;
    workspaceId: string;
    campaignId: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    variantA: string;
    variantB: string;
    /**
     * @kyselyType('RUNNING' | 'PAUSED' | 'COMPLETED')
     */
    status: Generated<'RUNNING' | 'PAUSED' | 'COMPLETED'>;
    winnerId: string | null;
    startedAt: Generated<Timestamp>;
    endedAt: Timestamp | null;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    statsA: Generated<Record<string, unknown>>;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    statsB: Generated<Record<string, unknown>>;
};
export type Account = {
    id: string;
    userId: string;
    accountId: string;
    providerId: string;
    accessToken: string | null;
    refreshToken: string | null;
    idToken: string | null;
    accessTokenExpiresAt: Timestamp | null;
    refreshTokenExpiresAt: Timestamp | null;
    scope: string | null;
    password: string | null;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type ApiKey = {
    id: string;
    workspaceId: string;
    createdBy: string;
    name: string;
    /**
     * The first characters, to tell keys apart.
     */
    start: string;
    /**
     * SHA-256 of the key: 256 random bits need no salt and no slow hash.
     */
    keyHash: string;
    /**
     * @kyselyType(string[])
     */
    scopes: string[];
    createdAt: Timestamp;
    expiresAt: Timestamp | null;
    /**
     * To the minute.
     */
    lastUsedAt: Timestamp | null;
};
export type BulkAction = {
    id: string;
    workspaceId: string;
    /**
     * @kyselyType('tags' | 'status' | 'field' | 'suppress' | 'delete' | 'undo')
     */
    kind: 'tags' | 'status' | 'field' | 'suppress' | 'delete' | 'undo';
    /**
     * @kyselyType(Record<string, unknown>)
     */
    change: Generated<Record<string, unknown>>;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    filter: Generated<Record<string, unknown>>;
    /**
     * @kyselyType(string[])
     */
    leadIds: string[] | null;
    /**
     * @kyselyType('QUEUED' | 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED')
     */
    status: Generated<'QUEUED' | 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED'>;
    /**
     * Leads when it was asked; above 10,000 of a filter an estimate.
     */
    total: number;
    isEstimate: Generated<boolean>;
    changedCount: Generated<number>;
    unchangedCount: Generated<number>;
    refusedCount: Generated<number>;
    cursor: string | null;
    failure: string | null;
    /**
     * The bulk action that this one takes back.
     */
    undoOf: string | null;
    undoneAt: Timestamp | null;
    createdBy: string | null;
    createdAt: Timestamp;
    finishedAt: Timestamp | null;
};
export type BulkActionRow = {
    workspaceId: string;
    bulkActionId: string;
    /**
     * No foreign key: the report names leads that are gone.
     */
    leadId: string;
    reason: string | null;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    before: Generated<Record<string, unknown>>;
};
export type BulkAssignment = {
    id: string;
    workspaceId: string;
    campaignId: string;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    filter: Generated<Record<string, unknown>>;
    /**
     * @kyselyType('QUEUED' | 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED')
     */
    status: Generated<'QUEUED' | 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED'>;
    /**
     * Leads when it was asked.
     */
    total: number;
    isEstimate: Generated<boolean>;
    /**
     * Leads put in; of an undo, taken out.
     */
    changedCount: Generated<number>;
    /**
     * Leads that were in it before.
     */
    unchangedCount: Generated<number>;
    refusedCount: Generated<number>;
    /**
     * Why leads were left out, each reason with its number and some of the leads.
     * @kyselyType({ code: string; reason: string; count: number; leadIds: string[] }[])
     */
    refusals: Generated<{ code: string; reason: string; count: number; leadIds: string[] }[]>;
    /**
     * Ids of leads that were made since it was asked come behind this one.
     */
    beforeLead: string;
    /**
     * The last place that was looked at: where a restart goes on.
     */
    cursor: string | null;
    failure: string | null;
    /**
     * The bulk assignment that this one takes back.
     */
    undoOf: string | null;
    undoneAt: Timestamp | null;
    createdBy: string | null;
    createdAt: Timestamp;
    finishedAt: Timestamp | null;
};
export type BulkEnrollment = {
    id: string;
    workspaceId: string;
    sequenceId: string;
    campaignId: string | null;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    filter: Generated<Record<string, unknown>>;
    /**
     * The leads that were named, instead of a filter.
     * @kyselyType(string[] | null)
     */
    leadIds: string[] | null | null;
    /**
     * Lets in again whoever has left the sequence.
     */
    again: Generated<boolean>;
    /**
     * @kyselyType('QUEUED' | 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED')
     */
    status: Generated<'QUEUED' | 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED'>;
    total: Generated<number>;
    enrolledCount: Generated<number>;
    refusedCount: Generated<number>;
    /**
     * Why leads were refused, each reason with its number and some of the leads.
     * @kyselyType({ code: string; reason: string; count: number; leadIds: string[] }[])
     */
    refusals: Generated<{ code: string; reason: string; count: number; leadIds: string[] }[]>;
    /**
     * The last lead taken: where a restart goes on.
     */
    cursor: string | null;
    failure: string | null;
    createdBy: string | null;
    createdAt: Generated<Timestamp>;
    cancelAskedAt: Timestamp | null;
    finishedAt: Timestamp | null;
};
export type Campaign = {
    id: string;
    workspaceId: string;
    name: string;
    description: string | null;
    /**
     * @kyselyType('DRAFT' | 'ACTIVE' | 'PAUSED' | 'COMPLETED')
     */
    status: Generated<'DRAFT' | 'ACTIVE' | 'PAUSED' | 'COMPLETED'>;
    /**
     * @kyselyType(('CALL' | 'SMS' | 'EMAIL')[])
     */
    channels: Generated<('CALL' | 'SMS' | 'EMAIL')[]>;
    /**
     * @kyselyType(Record<string, unknown> | null)
     */
    meta: Record<string, unknown> | null | null;
    startDate: Timestamp | null;
    endDate: Timestamp | null;
    /**
     * Whom it takes in by itself while it is active.
     * @kyselyType({ filter: Record<string, unknown> } | null)
     */
    autoAssign: { filter: Record<string, unknown> } | null | null;
    /**
     * Leads that it takes in at most, held by a trigger.
     */
    maxLeads: number | null;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type CampaignLead = {
    id: string;
    workspaceId: string;
    campaignId: string;
    leadId: string;
    /**
     * @kyselyType('PENDING' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED')
     */
    status: Generated<'PENDING' | 'IN_PROGRESS' | 'COMPLETED' | 'FAILED'>;
    assignedAt: Generated<Timestamp>;
    completedAt: Timestamp | null;
    /**
     * By which bulk assignment they came in: what its undo takes out again.
     */
    bulkAssignmentId: string | null;
};
export type ChannelDay = {
    workspaceId: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    day: Timestamp;
    used: number;
};
export type ChannelUsage = {
    workspaceId: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    minute: Timestamp;
    used: number;
};
export type ConsentRecord = {
    id: string;
    workspaceId: string;
    leadId: string;
    /**
     * @kyselyType('GIVEN' | 'WITHDRAWN')
     */
    kind: Generated<'GIVEN' | 'WITHDRAWN'>;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    /**
     * @kyselyType('CONSENT' | 'LEGITIMATE_INTEREST' | 'CONTRACT')
     */
    basis: 'CONSENT' | 'LEGITIMATE_INTEREST' | 'CONTRACT';
    /**
     * Which form, call or contract it comes from.
     */
    source: string;
    /**
     * The words that the person agreed to.
     */
    proofText: string | null;
    proofUrl: string | null;
    proofIp: string | null;
    /**
     * When the person said so.
     */
    at: Timestamp;
    actorKind: string;
    actorId: string | null;
    createdAt: Timestamp;
};
export type ContactAttempt = {
    id: string;
    workspaceId: string;
    leadId: string;
    campaignId: string | null;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    /**
     * @kyselyType('PENDING' | 'IN_PROGRESS' | 'SUCCESS' | 'NO_ANSWER' | 'FAILED' | 'UNKNOWN')
     */
    status: Generated<'PENDING' | 'IN_PROGRESS' | 'SUCCESS' | 'NO_ANSWER' | 'FAILED' | 'UNKNOWN'>;
    scriptId: string | null;
    scriptVersionId: string | null;
    provider: string | null;
    providerRef: string | null;
    startedAt: Generated<Timestamp>;
    completedAt: Timestamp | null;
    duration: number | null;
    /**
     * Millionths of the workspace's currency unit: vendors charge fractions of a cent.
     */
    costMicros: number | null;
    result: string | null;
    notes: string | null;
    /**
     * The gate's answer with every check, as it stood when this was handed over.
     * @kyselyType(unknown)
     */
    verdict: Generated<unknown>;
    /**
     * Each hand-over: when, how it ended, what the vendor said.
     * @kyselyType({ at: string; outcome: string; detail: string }[])
     */
    tries: Generated<{ at: string; outcome: string; detail: string }[]>;
    transcript: string | null;
    recordingUrl: string | null;
    handedAt: Timestamp | null;
    /**
     * Counts toward frequency caps: touches do, confirmations and tests do not.
     */
    isTouch: Generated<boolean>;
};
export type Conversion = {
    id: string;
    workspaceId: string;
    leadId: string | null;
    campaignId: string | null;
    channel: string | null;
    revenueMinor: Generated<number>;
    currency: Generated<string>;
    /**
     * @kyselyType('lead' | 'qualified' | 'customer' | 'churn')
     */
    status: Generated<'lead' | 'qualified' | 'customer' | 'churn'>;
    subId: string | null;
    clickId: string | null;
    /**
     * The tracker's own number of a payment: a renewal of one click is a conversion of its own.
     */
    transactionId: string | null;
    source: Generated<string>;
    /**
     * @kyselyType(unknown)
     */
    postbackData: unknown | null;
    contactAttemptId: string | null;
    createdAt: Generated<Timestamp>;
};
export type ConversionRule = {
    id: string;
    workspaceId: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    metric: string;
    value: string;
    conversionRate: Generated<number>;
    sampleSize: Generated<number>;
    confidence: Generated<number>;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type CustomField = {
    id: string;
    workspaceId: string;
    key: string;
    label: string;
    /**
     * @kyselyType('text' | 'number' | 'boolean' | 'date' | 'select' | 'multi_select' | 'url')
     */
    type: 'text' | 'number' | 'boolean' | 'date' | 'select' | 'multi_select' | 'url';
    /**
     * @kyselyType(string[])
     */
    options: Generated<string[]>;
    position: number;
    archivedAt: Timestamp | null;
    createdAt: Timestamp;
    updatedAt: Generated<Timestamp>;
};
export type Engagement = {
    id: string;
    workspaceId: string;
    messageId: string;
    /**
     * @kyselyType('OPEN' | 'CLICK')
     */
    kind: 'OPEN' | 'CLICK';
    at: Timestamp;
    url: string | null;
    /**
     * Who told: `tracking`, our own links and pixel, or a vendor by name.
     */
    source: string;
    /**
     * Why it is taken for a machine's; null for a person's.
     * @kyselyType('head_request' | 'prefetch' | 'scanner' | 'datacenter' | 'too_soon' | 'burst' | 'vendor_says' | null)
     */
    botReason: 'head_request' | 'prefetch' | 'scanner' | 'datacenter' | 'too_soon' | 'burst' | 'vendor_says' | null | null;
    /**
     * The program that asked, as it names itself.
     */
    userAgent: string | null;
    /**
     * When it was decided whether a person did it; null until then.
     */
    judgedAt: Timestamp | null;
};
export type Event = {
    id: string;
    workspaceId: string;
    type: string;
    at: Timestamp;
    /**
     * user, api_key, system or the vendor that spoke.
     */
    actorKind: string;
    actorId: string | null;
    leadId: string | null;
    subjectId: string | null;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    payload: Generated<Record<string, unknown>>;
};
export type IdempotencyKey = {
    workspaceId: string;
    key: string;
    route: string;
    bodyHash: string;
    status: number | null;
    body: string | null;
    createdAt: Timestamp;
    completedAt: Timestamp | null;
    /**
     * Somebody was erased while the request was under way: its answer is not kept.
     */
    isForgotten: Generated<boolean>;
};
export type ImportJob = {
    id: string;
    workspaceId: string;
    fileName: string;
    fileKey: string;
    fileBytes: number;
    /**
     * @kyselyType('UPLOADED' | 'MAPPED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED')
     */
    status: Generated<'UPLOADED' | 'MAPPED' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED'>;
    encoding: string;
    delimiter: string;
    /**
     * @kyselyType(string[])
     */
    headers: Generated<string[]>;
    /**
     * @kyselyType(unknown)
     */
    mapping: Generated<unknown>;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    options: Generated<Record<string, unknown>>;
    rowsTotal: number | null;
    rowsRead: Generated<number>;
    bytesRead: Generated<number>;
    createdCount: Generated<number>;
    updatedCount: Generated<number>;
    unchangedCount: Generated<number>;
    faultyCount: Generated<number>;
    failure: string | null;
    createdBy: string | null;
    createdAt: Generated<Timestamp>;
    startedAt: Timestamp | null;
    finishedAt: Timestamp | null;
    cancelAskedAt: Timestamp | null;
};
export type ImportMapping = {
    id: string;
    workspaceId: string;
    name: string;
    /**
     * @kyselyType(unknown)
     */
    mapping: unknown;
    createdAt: Generated<Timestamp>;
};
export type ImportRow = {
    id: string;
    workspaceId: string;
    importJobId: string;
    line: number;
    column: string | null;
    value: string | null;
    reason: string;
    /**
     * @kyselyType(string[])
     */
    cells: Generated<string[]>;
    /**
     * Did the row change nothing (true), or only this cell (false)?
     */
    isFatal: Generated<boolean>;
};
export type InboundEvent = {
    id: string;
    workspaceId: string;
    provider: string;
    externalId: string;
    /**
     * @kyselyType(unknown)
     */
    fact: unknown;
    /**
     * @kyselyType('received' | 'processed' | 'unmatched' | 'failed')
     */
    status: Generated<'received' | 'processed' | 'unmatched' | 'failed'>;
    detail: string | null;
    receivedAt: Timestamp;
    processedAt: Timestamp | null;
};
export type Installation = {
    name: string;
    value: string;
};
export type IntakeSource = {
    id: string;
    workspaceId: string;
    /**
     * @kyselyType('form' | 'api')
     */
    kind: 'form' | 'api';
    name: string;
    /**
     * Stands in the page that holds the form: it lets nobody read anything.
     */
    token: string;
    isActive: Generated<boolean>;
    /**
     * @kyselyType(unknown)
     */
    settings: Generated<unknown>;
    campaignId: string | null;
    submittedCount: Generated<number>;
    createdCount: Generated<number>;
    lastUsedAt: Timestamp | null;
    createdBy: string | null;
    createdAt: Timestamp;
    updatedAt: Timestamp;
};
export type IntegrationConfig = {
    id: string;
    workspaceId: string;
    provider: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL' | 'LEADS')
     */
    type: 'CALL' | 'SMS' | 'EMAIL' | 'LEADS';
    /**
     * Public settings; credentials stand encrypted beside it.
     * @kyselyType(Record<string, unknown>)
     */
    config: Generated<Record<string, unknown>>;
    secrets: string | null;
    isActive: Generated<boolean>;
    healthStatus: string | null;
    healthDetail: string | null;
    healthAt: Timestamp | null;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type Invitation = {
    id: string;
    workspaceId: string;
    email: string;
    /**
     * @kyselyType('OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER')
     */
    role: Generated<'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER'>;
    inviterId: string;
    createdAt: Timestamp;
    expiresAt: Timestamp;
    acceptedAt: Timestamp | null;
    acceptedBy: string | null;
    cancelledAt: Timestamp | null;
};
export type Lead = {
    id: string;
    workspaceId: string;
    externalId: string | null;
    firstName: Generated<string>;
    lastName: Generated<string>;
    fullName: string | null;
    phone: string | null;
    email: string | null;
    linkedin: string | null;
    company: string | null;
    jobTitle: string | null;
    website: string | null;
    /**
     * @kyselyType('MANUAL' | 'META' | 'API')
     */
    source: Generated<'MANUAL' | 'META' | 'API'>;
    /**
     * Which form, key or file of that source.
     */
    sourceLabel: string | null;
    /**
     * @kyselyType('NEW' | 'CONTACTED' | 'IN_PROGRESS' | 'CONVERTED' | 'LOST')
     */
    status: Generated<'NEW' | 'CONTACTED' | 'IN_PROGRESS' | 'CONVERTED' | 'LOST'>;
    timeZone: Generated<string>;
    /**
     * @kyselyType('explicit' | 'phone' | 'region' | 'country' | 'workspace')
     */
    timeZoneSource: Generated<'explicit' | 'phone' | 'region' | 'country' | 'workspace'>;
    region: string | null;
    country: string | null;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    meta: Generated<Record<string, unknown>>;
    notes: string | null;
    /**
     * Sort keys stored once, compared as plain text.
     */
    nameKey: Generated<string>;
    /**
     * Everything the search box looks at, folded to lower case without marks.
     */
    searchText: Generated<string>;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
    /**
     * Personal data was removed at the person's wish: nothing is ever sent again.
     */
    erasedAt: Timestamp | null;
};
export type LeadErasure = {
    id: string;
    workspaceId: string;
    leadId: string;
    reason: string;
    actorKind: string;
    actorId: string | null;
    erasedAt: Timestamp;
    /**
     * Rows deleted or blanked, by table.
     * @kyselyType(Record<string, number>)
     */
    counts: Generated<Record<string, number>>;
    /**
     * What suppressions of the person's addresses stand under now.
     * @kyselyType({ kind: 'EMAIL' | 'PHONE' | 'LINKEDIN'; key: string }[])
     */
    addressKeys: Generated<{ kind: 'EMAIL' | 'PHONE' | 'LINKEDIN'; key: string }[]>;
    /**
     * What other systems called the person, as keyed hashes.
     * @kyselyType(string[])
     */
    rowKeys: Generated<string[]>;
};
export type LeadFieldValue = {
    workspaceId: string;
    leadId: string;
    key: string;
    /**
     * In lower case, the first 200 characters.
     */
    value: string;
    number: number | null;
    leadCreatedAt: Timestamp;
};
export type LeadIdentity = {
    id: string;
    workspaceId: string;
    leadId: string;
    /**
     * @kyselyType('EMAIL' | 'PHONE' | 'LINKEDIN')
     */
    kind: 'EMAIL' | 'PHONE' | 'LINKEDIN';
    value: string;
    isPrimary: Generated<boolean>;
    /**
     * Whoever had this address before was erased: the keyed hash that suppressions of it stand under.
     */
    suppressionKey: string | null;
    createdAt: Generated<Timestamp>;
};
export type LeadInterest = {
    workspaceId: string;
    leadId: string;
    /**
     * @kyselyType('reply' | 'click' | 'booking')
     */
    kind: 'reply' | 'click' | 'booking';
    /**
     * Tells it from others of its kind: the message's id.
     */
    key: string;
    at: Timestamp;
};
export type LeadMerge = {
    id: string;
    workspaceId: string;
    /**
     * No foreign keys: the other lead is gone while the merge stands.
     */
    survivorId: string;
    otherId: string;
    /**
     * @kyselyType(unknown)
     */
    snapshot: unknown;
    /**
     * What each higher domain moved, by the name of its hook.
     * @kyselyType(Record<string, unknown>)
     */
    moved: Generated<Record<string, unknown>>;
    mergedAt: Timestamp;
    mergedBy: string | null;
    undoneAt: Timestamp | null;
    undoneBy: string | null;
};
export type LeadNameWord = {
    workspaceId: string;
    word: string;
};
export type LeadRowKey = {
    workspaceId: string;
    /**
     * @kyselyType('MANUAL' | 'META' | 'API')
     */
    source: 'MANUAL' | 'META' | 'API';
    key: string;
    leadId: string;
};
export type LeadScore = {
    leadId: string;
    workspaceId: string;
    score: Generated<number>;
    /**
     * @kyselyType('COLD' | 'WARM' | 'HOT')
     */
    label: Generated<'COLD' | 'WARM' | 'HOT'>;
    /**
     * The lead's own: the newest leads of a label are read in order.
     */
    leadCreatedAt: Timestamp;
    dueAt: Timestamp | null;
    scoredAt: Timestamp | null;
};
export type LeadScoreSettings = {
    workspaceId: string;
    /**
     * @kyselyType(unknown)
     */
    rules: unknown;
    version: Generated<number>;
    runDone: Generated<number>;
    runTotal: Generated<number>;
    runStartedAt: Timestamp | null;
    runFinishedAt: Timestamp | null;
    updatedBy: string | null;
    updatedAt: Timestamp;
};
export type LeadSender = {
    workspaceId: string;
    leadId: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    senderId: string;
    createdAt: Timestamp;
};
export type LeadSubmission = {
    id: string;
    workspaceId: string;
    /**
     * The vendor of the advertisement, or the source's own kind with its id.
     */
    provider: string;
    externalId: string;
    sourceId: string | null;
    /**
     * The form's name, for people.
     */
    label: string | null;
    /**
     * @kyselyType('RECEIVED' | 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'CONFLICT' | 'FAULTY' | 'FAILED' | 'SPAM')
     */
    status: Generated<'RECEIVED' | 'CREATED' | 'UPDATED' | 'UNCHANGED' | 'CONFLICT' | 'FAULTY' | 'FAILED' | 'SPAM'>;
    /**
     * @kyselyType(unknown)
     */
    payload: unknown;
    leadId: string | null;
    detail: string | null;
    /**
     * @kyselyType({ field: string; value: string; reason: string }[])
     */
    faults: Generated<{ field: string; value: string; reason: string }[]>;
    pageUrl: string | null;
    ip: string | null;
    tries: Generated<number>;
    /**
     * When it is to be taken in, or tried again; whoever is at it moves it on.
     */
    dueAt: Timestamp | null;
    receivedAt: Timestamp;
    processedAt: Timestamp | null;
};
export type LeadTag = {
    workspaceId: string;
    leadId: string;
    tagId: string;
    /**
     * The lead's own: the newest leads of a tag are read in order, however many carry it.
     */
    leadCreatedAt: Timestamp;
    createdAt: Generated<Timestamp>;
};
export type Membership = {
    id: string;
    workspaceId: string;
    userId: string;
    /**
     * @kyselyType('OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER')
     */
    role: Generated<'OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER'>;
    createdAt: Generated<Timestamp>;
};
export type MergeProposal = {
    id: string;
    workspaceId: string;
    leadId: string;
    otherLeadId: string;
    /**
     * @kyselyType('EMAIL' | 'PHONE' | 'LINKEDIN')
     */
    kind: 'EMAIL' | 'PHONE' | 'LINKEDIN';
    value: string;
    reason: string;
    /**
     * @kyselyType('OPEN' | 'MERGED' | 'DISMISSED')
     */
    status: Generated<'OPEN' | 'MERGED' | 'DISMISSED'>;
    createdAt: Generated<Timestamp>;
    decidedAt: Timestamp | null;
    decidedBy: string | null;
};
export type Message = {
    id: string;
    workspaceId: string;
    leadId: string | null;
    /**
     * @kyselyType('inbound' | 'outbound')
     */
    direction: 'inbound' | 'outbound';
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    /**
     * @kyselyType('queued' | 'sending' | 'sent' | 'delivered' | 'failed' | 'unknown' | 'cancelled' | 'received')
     */
    status: 'queued' | 'sending' | 'sent' | 'delivered' | 'failed' | 'unknown' | 'cancelled' | 'received';
    /**
     * sequence, one_off, confirmation, test
     * @kyselyType('sequence' | 'one_off' | 'confirmation' | 'test' | 'reply')
     */
    purpose: 'sequence' | 'one_off' | 'confirmation' | 'test' | 'reply';
    from: string;
    to: string;
    subject: string | null;
    text: string;
    html: string | null;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    headers: Generated<Record<string, unknown>>;
    /**
     * Everything a call needs beside its words (vapiConfig rendered).
     * @kyselyType(Record<string, unknown>)
     */
    call: Generated<Record<string, unknown>>;
    segments: Generated<number>;
    provider: string | null;
    providerRef: string | null;
    contactAttemptId: string | null;
    scriptId: string | null;
    /**
     * The exact text that was sent. Versions are never deleted.
     */
    scriptVersionId: string | null;
    campaignId: string | null;
    /**
     * The sequence step this message is the touch of.
     */
    executionId: string | null;
    /**
     * A person's decision to send it in spite of these checks of the gate.
     * @kyselyType({ checks: ('status' | 'conditions' | 'caps' | 'window')[]; reason: string } | null)
     */
    override: { checks: ('status' | 'conditions' | 'caps' | 'window')[]; reason: string } | null | null;
    /**
     * When the queue may take a queued message: a retry's time, or the end of the lease of the process that prepared it. Of an unknown one: when
     * its vendor is asked next what became of it.
     */
    dueAt: Timestamp | null;
    handedAt: Timestamp | null;
    tries: Generated<number>;
    /**
     * Of which try of a paused vendor it is one: the trip's probed_at of then.
     */
    probeAt: Timestamp | null;
    failure: string | null;
    inReplyTo: string | null;
    threadKey: string | null;
    readAt: Timestamp | null;
    /**
     * Of the sender pool; null where the channel has none.
     */
    senderId: string | null;
    /**
     * A lead's latest words that nobody has answered and nothing was sent after.
     */
    awaitsReply: Generated<boolean>;
    createdAt: Timestamp;
    sentAt: Timestamp | null;
    deliveredAt: Timestamp | null;
    /**
     * First opened and first clicked by a person, as far as can be told: machines do not count.
     */
    openedAt: Timestamp | null;
    clickedAt: Timestamp | null;
};
export type RateLimit = {
    id: string;
    key: string;
    count: number;
    lastRequest: number;
};
export type RetentionSequence = {
    id: string;
    workspaceId: string;
    name: string;
    description: string | null;
    /**
     * @kyselyType('DRAFT' | 'ACTIVE' | 'PAUSED' | 'ARCHIVED')
     */
    status: Generated<'DRAFT' | 'ACTIVE' | 'PAUSED' | 'ARCHIVED'>;
    /**
     * @kyselyType(('CALL' | 'SMS' | 'EMAIL')[])
     */
    channels: Generated<('CALL' | 'SMS' | 'EMAIL')[]>;
    /**
     * @kyselyType('manual' | 'new_lead' | 'no_conversion')
     */
    triggerType: Generated<'manual' | 'new_lead' | 'no_conversion'>;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    triggerConfig: Generated<Record<string, unknown>>;
    /**
     * Stop rules, send window, priority: what the document leaves to the product.
     * @kyselyType(Record<string, unknown>)
     */
    settings: Generated<Record<string, unknown>>;
    priority: Generated<number>;
    activatedAt: Timestamp | null;
    pausedAt: Timestamp | null;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type SandboxDelivery = {
    id: string;
    workspaceId: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    messageId: string | null;
    from: string;
    to: string;
    subject: string | null;
    text: string;
    html: string | null;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    headers: Generated<Record<string, unknown>>;
    /**
     * outbound: the system sent it; inbound: the person at the sandbox page answered.
     * @kyselyType('outbound' | 'inbound')
     */
    direction: Generated<'outbound' | 'inbound'>;
    outcome: string | null;
    at: Timestamp;
};
export type SavedFilter = {
    id: string;
    workspaceId: string;
    name: string;
    nameKey: string;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    filter: Generated<Record<string, unknown>>;
    /**
     * @kyselyType(string[])
     */
    columns: Generated<string[]>;
    /**
     * @kyselyType('createdAt' | '-createdAt' | 'updatedAt' | '-updatedAt' | 'name' | '-name' | 'score' | '-score')
     */
    sort: 'createdAt' | '-createdAt' | 'updatedAt' | '-updatedAt' | 'name' | '-name' | 'score' | '-score' | null;
    /**
     * Everybody's, or only its maker's.
     */
    shared: Generated<boolean>;
    createdBy: string | null;
    createdAt: Timestamp;
    updatedAt: Timestamp;
};
export type Script = {
    id: string;
    workspaceId: string;
    name: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    type: 'CALL' | 'SMS' | 'EMAIL';
    content: string | null;
    /**
     * E-mail only.
     */
    subject: string | null;
    preheader: string | null;
    /**
     * @kyselyType('markdown' | 'html')
     */
    format: Generated<'markdown' | 'html'>;
    /**
     * @kyselyType(Record<string, unknown> | null)
     */
    vapiConfig: Record<string, unknown> | null | null;
    campaignId: string | null;
    isDefault: Generated<boolean>;
    /**
     * The version that says what the script says now.
     */
    versionId: string | null;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type ScriptVersion = {
    id: string;
    workspaceId: string;
    scriptId: string | null;
    number: number;
    /**
     * The script's name at that time.
     */
    name: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    type: 'CALL' | 'SMS' | 'EMAIL';
    subject: string | null;
    preheader: string | null;
    content: string | null;
    /**
     * @kyselyType('markdown' | 'html')
     */
    format: 'markdown' | 'html';
    /**
     * @kyselyType(Record<string, unknown> | null)
     */
    vapiConfig: Record<string, unknown> | null | null;
    /**
     * The number of the version whose text was put back.
     */
    restoredFrom: number | null;
    /**
     * @kyselyType('user' | 'api_key' | 'system' | 'vendor' | 'recipient')
     */
    actorKind: 'user' | 'api_key' | 'system' | 'vendor' | 'recipient';
    actorId: string | null;
    actorName: string | null;
    createdAt: Timestamp;
};
export type SendCount = {
    workspaceId: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    quarter: Timestamp;
    sent: number;
};
export type Sender = {
    id: string;
    workspaceId: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    /**
     * The vendor that it belongs to; null: whichever the channel sends through.
     */
    integrationId: string | null;
    address: string;
    displayName: Generated<string>;
    /**
     * Takes new threads; those that it has go on either way.
     */
    isActive: Generated<boolean>;
    /**
     * @kyselyType('ACTIVE' | 'PAUSED')
     */
    status: Generated<'ACTIVE' | 'PAUSED'>;
    /**
     * @kyselyType('bounces' | 'complaints' | 'person')
     */
    pauseCause: 'bounces' | 'complaints' | 'person' | null;
    pauseReason: string | null;
    pausedAt: Timestamp | null;
    /**
     * Sends from then on count for its health: since it was added, or resumed.
     */
    countsFrom: Timestamp;
    perMinute: number;
    perDay: number;
    /**
     * Null: it sends its whole day's number at once.
     */
    rampStartedAt: Timestamp | null;
    dkimSelector: string | null;
    /**
     * @kyselyType('ready' | 'incomplete' | 'unknown')
     */
    domainStatus: 'ready' | 'incomplete' | 'unknown' | null;
    /**
     * What was found of each record, as domain-records.ts says it.
     * @kyselyType(unknown)
     */
    domainChecks: Generated<unknown>;
    domainCheckedAt: Timestamp | null;
    createdAt: Timestamp;
    updatedAt: Timestamp;
};
export type SenderDay = {
    workspaceId: string;
    senderId: string;
    day: number;
    used: Generated<number>;
    minute: Timestamp;
    minuteUsed: Generated<number>;
};
export type SenderFault = {
    workspaceId: string;
    messageId: string;
    /**
     * @kyselyType('bounce' | 'complaint')
     */
    kind: 'bounce' | 'complaint';
    senderId: string;
    at: Timestamp;
};
export type SequenceEnrollment = {
    id: string;
    workspaceId: string;
    sequenceId: string;
    /**
     * The steps that the present run goes through.
     */
    versionId: string;
    leadId: string;
    campaignId: string | null;
    /**
     * @kyselyType('ACTIVE' | 'PAUSED' | 'COMPLETED' | 'CANCELLED' | 'CONVERTED')
     */
    status: Generated<'ACTIVE' | 'PAUSED' | 'COMPLETED' | 'CANCELLED' | 'CONVERTED'>;
    currentStep: Generated<number>;
    /**
     * Counts re-enrolments; executions of earlier runs stay.
     */
    run: Generated<number>;
    enrolledAt: Generated<Timestamp>;
    completedAt: Timestamp | null;
    lastStepAt: Timestamp | null;
    pausedAt: Timestamp | null;
    /**
     * person: paused singly; sequence: paused with its sequence, resumed with it.
     * @kyselyType('person' | 'sequence' | 'campaign' | null)
     */
    pausedBy: 'person' | 'sequence' | 'campaign' | null | null;
    endReason: string | null;
    endedBy: string | null;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    meta: Generated<Record<string, unknown>>;
};
export type SequenceStep = {
    id: string;
    workspaceId: string;
    sequenceId: string;
    stepOrder: number;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    scriptId: string | null;
    delayValue: Generated<number>;
    /**
     * @kyselyType('HOURS' | 'DAYS' | 'WEEKS')
     */
    delayUnit: Generated<'HOURS' | 'DAYS' | 'WEEKS'>;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    conditions: Generated<Record<string, unknown>>;
    isActive: Generated<boolean>;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type SequenceStepExecution = {
    id: string;
    workspaceId: string;
    enrollmentId: string;
    stepId: string;
    /**
     * The version of the sequence that it was planned by, and whose words and conditions hold for it.
     */
    versionId: string;
    leadId: string;
    run: Generated<number>;
    stepOrder: number;
    contactAttemptId: string | null;
    /**
     * @kyselyType('PENDING' | 'SCHEDULED' | 'SENT' | 'DELIVERED' | 'FAILED' | 'SKIPPED')
     */
    status: Generated<'PENDING' | 'SCHEDULED' | 'SENT' | 'DELIVERED' | 'FAILED' | 'SKIPPED'>;
    /**
     * When the delay alone would have it.
     */
    dueAt: Timestamp | null;
    /**
     * When windows, caps and limits let it: what the engine claims by. Null while handed to messaging or paused.
     */
    scheduledAt: Timestamp | null;
    executedAt: Timestamp | null;
    /**
     * When the lead first answered; of several touches that went before, the answer belongs to one.
     */
    repliedAt: Timestamp | null;
    /**
     * Milliseconds that were left when it was paused.
     */
    remainingMs: number | null;
    priority: Generated<number>;
    /**
     * @kyselyType(Record<string, unknown>)
     */
    result: Generated<Record<string, unknown>>;
    /**
     * The gate's latest answer: why it waits, was skipped or was sent.
     * @kyselyType(unknown)
     */
    verdict: Generated<unknown>;
};
export type SequenceVersion = {
    id: string;
    workspaceId: string;
    sequenceId: string;
    /**
     * From 1, for each sequence.
     */
    number: number;
    note: string | null;
    publishedAt: Timestamp;
    /**
     * @kyselyType('user' | 'api_key' | 'system' | 'vendor' | 'recipient')
     */
    publishedByKind: 'user' | 'api_key' | 'system' | 'vendor' | 'recipient';
    publishedBy: string | null;
    publishedByName: string | null;
};
export type SequenceVersionStep = {
    versionId: string;
    /**
     * The step that it is a copy of. Every later version has it too, if only switched off.
     */
    stepId: string;
    workspaceId: string;
    stepOrder: number;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    scriptId: string | null;
    delayValue: number;
    /**
     * @kyselyType('HOURS' | 'DAYS' | 'WEEKS')
     */
    delayUnit: 'HOURS' | 'DAYS' | 'WEEKS';
    /**
     * @kyselyType(Record<string, unknown>)
     */
    conditions: Generated<Record<string, unknown>>;
    isActive: boolean;
};
export type Session = {
    id: string;
    userId: string;
    token: string;
    expiresAt: Timestamp;
    ipAddress: string | null;
    userAgent: string | null;
    activeWorkspaceId: string | null;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type SharedTouch = {
    workspaceId: string;
    leadId: string;
    attemptId: string;
};
export type Simulation = {
    id: string;
    workspaceId: string;
    sequenceId: string;
    /**
     * @kyselyType('QUEUED' | 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED')
     */
    status: Generated<'QUEUED' | 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED'>;
    /**
     * What was asked: whom, and how they are assumed to react.
     * @kyselyType(Record<string, unknown>)
     */
    input: Record<string, unknown>;
    seed: number;
    startAt: Timestamp;
    days: number;
    daysDone: Generated<number>;
    touches: Generated<number>;
    /**
     * @kyselyType(Record<string, unknown> | null)
     */
    result: Record<string, unknown> | null | null;
    failure: string | null;
    createdBy: string | null;
    createdAt: Timestamp;
    /**
     * When the process that runs it last said so.
     */
    beatAt: Timestamp | null;
    finishedAt: Timestamp | null;
};
export type Suppression = {
    id: string;
    workspaceId: string;
    /**
     * @kyselyType('EMAIL' | 'PHONE' | 'LINKEDIN')
     */
    kind: 'EMAIL' | 'PHONE' | 'LINKEDIN';
    /**
     * The address; of a person who was erased, `erased:` and its keyed hash.
     */
    value: string;
    /**
     * @kyselyType('STOP_REPLY' | 'UNSUBSCRIBE' | 'COMPLAINT' | 'HARD_BOUNCE' | 'MANUAL' | 'ERASED')
     */
    reason: 'STOP_REPLY' | 'UNSUBSCRIBE' | 'COMPLAINT' | 'HARD_BOUNCE' | 'MANUAL' | 'ERASED';
    /**
     * @kyselyType('ALL' | 'EMAIL' | 'SMS' | 'CALL')
     */
    scope: Generated<'ALL' | 'EMAIL' | 'SMS' | 'CALL'>;
    evidence: string | null;
    actorKind: string;
    actorId: string | null;
    createdAt: Generated<Timestamp>;
    liftedAt: Timestamp | null;
    liftedBy: string | null;
    liftReason: string | null;
};
export type Tag = {
    id: string;
    workspaceId: string;
    name: string;
    nameKey: string;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type TrackedLink = {
    token: string;
    workspaceId: string;
    messageId: string | null;
    url: string;
    createdAt: Timestamp;
};
export type TriggerSweep = {
    sequenceId: string;
    workspaceId: string;
    /**
     * What the sweep went by: when it changes, everybody is considered anew.
     * @kyselyType(Record<string, unknown>)
     */
    rules: Generated<Record<string, unknown>>;
    sweptUntil: Timestamp | null;
    /**
     * A pass that is not over, and the lead that it reached.
     */
    passUntil: Timestamp | null;
    passAfterAt: Timestamp | null;
    passAfterId: string | null;
    /**
     * No silence becomes long enough before.
     */
    wakeAt: Timestamp;
};
export type User = {
    id: string;
    name: string;
    email: string;
    emailVerified: Generated<boolean>;
    image: string | null;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type VendorTally = {
    id: string;
    workspaceId: string;
    provider: string;
    at: Timestamp;
    calls: number;
    failures: number;
};
export type VendorTrip = {
    workspaceId: string;
    provider: string;
    /**
     * @kyselyType('CALL' | 'SMS' | 'EMAIL')
     */
    channel: 'CALL' | 'SMS' | 'EMAIL';
    /**
     * open: paused; half_open: a few messages are trying it; closed: it works again.
     * @kyselyType('open' | 'half_open' | 'closed')
     */
    status: 'open' | 'half_open' | 'closed';
    reason: string;
    trippedAt: Timestamp;
    /**
     * How often in a row it was found failing; each doubles the wait.
     */
    trips: Generated<number>;
    retryAt: Timestamp;
    probedAt: Timestamp | null;
    closedAt: Timestamp | null;
};
export type Verification = {
    id: string;
    identifier: string;
    value: string;
    expiresAt: Timestamp;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type Workspace = {
    id: string;
    name: string;
    createdAt: Generated<Timestamp>;
    updatedAt: Generated<Timestamp>;
};
export type WorkspaceSettings = {
    workspaceId: string;
    /**
     * IANA zone of leads whose own zone is not known.
     */
    timeZone: Generated<string>;
    /**
     * ISO 3166 alpha-2: how phone numbers without a country are read.
     */
    country: Generated<string>;
    senderName: Generated<string>;
    senderEmail: Generated<string>;
    postalAddress: Generated<string>;
    /**
     * @kyselyType({ days: number[]; start: string; end: string; zone?: string })
     */
    sendWindow: Generated<{ days: number[]; start: string; end: string; zone?: string }>;
    /**
     * Local dates (YYYY-MM-DD) on which nothing is sent.
     * @kyselyType(string[])
     */
    holidays: Generated<string[]>;
    capPerChannelPerDay: Generated<number>;
    capPerWeek: Generated<number>;
    /**
     * On all channels together in one day of the lead; null means no such cap.
     */
    capPerDay: number | null;
    /**
     * Minutes between two touches of one lead, whatever their channels.
     */
    minGapMinutes: number | null;
    emailPerMinute: Generated<number>;
    smsPerMinute: Generated<number>;
    callPerMinute: Generated<number>;
    /**
     * Channels whose messages need a basis on record first.
     * @kyselyType({ EMAIL?: boolean; SMS?: boolean; CALL?: boolean })
     */
    consentPolicy: Generated<{ EMAIL?: boolean; SMS?: boolean; CALL?: boolean }>;
    /**
     * Whether openings of mails and clicks on links are noted.
     */
    trackOpens: Generated<boolean>;
    trackClicks: Generated<boolean>;
    /**
     * A host name of the workspace's own that points at this server; empty: links are on the server's.
     */
    trackingHost: Generated<string>;
    /**
     * How many messages of a channel go out in a day, and how that number grows.
     * @kyselyType({ EMAIL?: { perDay: number | null; ramp: { start: number; step: number; since: string } | null }; SMS?: { perDay: number | null; ramp: { start: number; step: number; since: string } | null }; CALL?: { perDay: number | null; ramp: { start: number; step: number; since: string } | null } })
     */
    channelLimits: Generated<{ EMAIL?: { perDay: number | null; ramp: { start: number; step: number; since: string } | null }; SMS?: { perDay: number | null; ramp: { start: number; step: number; since: string } | null }; CALL?: { perDay: number | null; ramp: { start: number; step: number; since: string } | null } }>;
    updatedAt: Generated<Timestamp>;
};
export type DB = {
    abTests: ABTest;
    accounts: Account;
    apiKeys: ApiKey;
    bulkActionRows: BulkActionRow;
    bulkActions: BulkAction;
    bulkAssignments: BulkAssignment;
    bulkEnrollments: BulkEnrollment;
    campaignLeads: CampaignLead;
    campaigns: Campaign;
    channelDays: ChannelDay;
    channelUsages: ChannelUsage;
    consentRecords: ConsentRecord;
    contactAttempts: ContactAttempt;
    conversionRules: ConversionRule;
    conversions: Conversion;
    customFields: CustomField;
    engagements: Engagement;
    events: Event;
    idempotencyKeys: IdempotencyKey;
    importJobs: ImportJob;
    importMappings: ImportMapping;
    importRows: ImportRow;
    inboundEvents: InboundEvent;
    installation: Installation;
    intakeSources: IntakeSource;
    integrationConfigs: IntegrationConfig;
    invitations: Invitation;
    leadErasures: LeadErasure;
    leadFieldValues: LeadFieldValue;
    leadIdentities: LeadIdentity;
    leadInterests: LeadInterest;
    leadMerges: LeadMerge;
    leadNameWords: LeadNameWord;
    leadRowKeys: LeadRowKey;
    leadScoreSettings: LeadScoreSettings;
    leadScores: LeadScore;
    leadSenders: LeadSender;
    leadSubmissions: LeadSubmission;
    leadTags: LeadTag;
    leads: Lead;
    memberships: Membership;
    mergeProposals: MergeProposal;
    messages: Message;
    rateLimits: RateLimit;
    retentionSequences: RetentionSequence;
    sandboxDeliveries: SandboxDelivery;
    savedFilters: SavedFilter;
    scriptVersions: ScriptVersion;
    scripts: Script;
    sendCounts: SendCount;
    senderDays: SenderDay;
    senderFaults: SenderFault;
    senders: Sender;
    sequenceEnrollments: SequenceEnrollment;
    sequenceStepExecutions: SequenceStepExecution;
    sequenceSteps: SequenceStep;
    sequenceVersionSteps: SequenceVersionStep;
    sequenceVersions: SequenceVersion;
    sessions: Session;
    sharedTouches: SharedTouch;
    simulations: Simulation;
    suppressions: Suppression;
    tags: Tag;
    trackedLinks: TrackedLink;
    triggerSweeps: TriggerSweep;
    users: User;
    vendorTallies: VendorTally;
    vendorTrips: VendorTrip;
    verifications: Verification;
    workspaceSettings: WorkspaceSettings;
    workspaces: Workspace;
};
