/**
 * The tables of the document "Retention Center Database Schema", as it describes them: fields with type, whether they may be empty (`?`) and
 * default (`= …`), closed sets, indexes, unique keys, and what a foreign key does when the other row is deleted. Nothing here is ours.
 */
export type DocumentModel = {
  fields: Record<string, string>;
  /** Fields whose values the document lists. */
  members?: Record<string, readonly string[]>;
  indexes: readonly (readonly string[])[];
  uniques?: readonly (readonly string[])[];
  /** Field → the model it points at and the delete rule. */
  foreignKeys?: Record<string, readonly [model: string, onDelete: "Cascade" | "SetNull"]>;
};

const CHANNELS = ["CALL", "SMS", "EMAIL"] as const;
const ID = "String = cuid()";
const CREATED = "DateTime = now()";
const UPDATED = "DateTime = updated";

export const DOCUMENT_004: Record<string, DocumentModel> = {
  Lead: {
    fields: {
      id: ID,
      externalId: "String?",
      firstName: "String",
      lastName: "String",
      phone: "String?",
      email: "String?",
      source: 'String = "MANUAL"',
      status: 'String = "NEW"',
      meta: "String?",
      notes: "String?",
      createdAt: CREATED,
      updatedAt: UPDATED,
    },
    members: {
      source: ["MANUAL", "META", "API"],
      status: ["NEW", "CONTACTED", "IN_PROGRESS", "CONVERTED", "LOST"],
    },
    indexes: [["email"], ["phone"], ["status"]],
  },
  Campaign: {
    fields: {
      id: ID,
      name: "String",
      description: "String?",
      status: 'String = "DRAFT"',
      channels: 'String = "[]"',
      meta: "String?",
      startDate: "DateTime?",
      endDate: "DateTime?",
      createdAt: CREATED,
      updatedAt: UPDATED,
    },
    members: { status: ["DRAFT", "ACTIVE", "PAUSED", "COMPLETED"] },
    indexes: [["status"]],
  },
  CampaignLead: {
    fields: {
      id: ID,
      campaignId: "String",
      leadId: "String",
      status: 'String = "PENDING"',
      assignedAt: CREATED,
      completedAt: "DateTime?",
    },
    members: { status: ["PENDING", "IN_PROGRESS", "COMPLETED", "FAILED"] },
    indexes: [["campaignId"], ["leadId"]],
    uniques: [["campaignId", "leadId"]],
    foreignKeys: { campaignId: ["Campaign", "Cascade"], leadId: ["Lead", "Cascade"] },
  },
  Script: {
    fields: {
      id: ID,
      name: "String",
      type: "String",
      content: "String?",
      vapiConfig: "String?",
      campaignId: "String?",
      isDefault: "Boolean = false",
      createdAt: CREATED,
      updatedAt: UPDATED,
    },
    members: { type: CHANNELS },
    indexes: [["campaignId"], ["type"]],
    foreignKeys: { campaignId: ["Campaign", "SetNull"] },
  },
  ContactAttempt: {
    fields: {
      id: ID,
      leadId: "String",
      campaignId: "String?",
      channel: "String",
      status: 'String = "PENDING"',
      scriptId: "String?",
      provider: "String?",
      providerRef: "String?",
      startedAt: CREATED,
      completedAt: "DateTime?",
      duration: "Int?",
      cost: "Float?",
      result: "String?",
      notes: "String?",
    },
    members: { channel: CHANNELS, status: ["PENDING", "SUCCESS", "NO_ANSWER", "IN_PROGRESS", "FAILED"] },
    indexes: [["leadId"], ["channel"], ["campaignId"]],
    foreignKeys: { leadId: ["Lead", "Cascade"], campaignId: ["Campaign", "SetNull"], scriptId: ["Script", "SetNull"] },
  },
  IntegrationConfig: {
    fields: {
      id: ID,
      provider: "String",
      type: "String",
      config: 'String = "{}"',
      isActive: "Boolean = true",
      createdAt: CREATED,
      updatedAt: UPDATED,
    },
    members: { type: CHANNELS },
    indexes: [],
    uniques: [["provider"]],
  },
  RetentionSequence: {
    fields: {
      id: ID,
      name: "String",
      description: "String?",
      status: 'String = "DRAFT"',
      channels: 'String = "[]"',
      triggerType: 'String = "manual"',
      triggerConfig: 'String = "{}"',
      createdAt: CREATED,
      updatedAt: UPDATED,
    },
    members: {
      status: ["DRAFT", "ACTIVE", "PAUSED", "ARCHIVED"],
      triggerType: ["manual", "new_lead", "no_conversion"],
    },
    indexes: [["status"], ["triggerType"]],
  },
  SequenceStep: {
    fields: {
      id: ID,
      sequenceId: "String",
      stepOrder: "Int",
      channel: "String",
      scriptId: "String?",
      delayValue: "Int = 0",
      delayUnit: 'String = "HOURS"',
      conditions: 'String = "{}"',
      isActive: "Boolean = true",
      createdAt: CREATED,
      updatedAt: UPDATED,
    },
    members: { channel: CHANNELS, delayUnit: ["HOURS", "DAYS", "WEEKS"] },
    indexes: [["sequenceId"], ["stepOrder"]],
    foreignKeys: { sequenceId: ["RetentionSequence", "Cascade"], scriptId: ["Script", "SetNull"] },
  },
  SequenceEnrollment: {
    fields: {
      id: ID,
      sequenceId: "String",
      leadId: "String",
      status: 'String = "ACTIVE"',
      currentStep: "Int = 0",
      enrolledAt: CREATED,
      completedAt: "DateTime?",
      lastStepAt: "DateTime?",
      meta: 'String = "{}"',
    },
    members: { status: ["ACTIVE", "PAUSED", "COMPLETED", "CANCELLED", "CONVERTED"] },
    indexes: [["sequenceId"], ["status"], ["leadId"]],
    uniques: [["sequenceId", "leadId"]],
    foreignKeys: { sequenceId: ["RetentionSequence", "Cascade"], leadId: ["Lead", "Cascade"] },
  },
  SequenceStepExecution: {
    fields: {
      id: ID,
      enrollmentId: "String",
      stepId: "String",
      contactAttemptId: "String?",
      status: 'String = "PENDING"',
      scheduledAt: "DateTime?",
      executedAt: "DateTime?",
      result: 'String = "{}"',
    },
    members: { status: ["PENDING", "SCHEDULED", "SENT", "DELIVERED", "FAILED", "SKIPPED"] },
    indexes: [["enrollmentId"], ["stepId"], ["status"], ["scheduledAt"]],
    foreignKeys: {
      enrollmentId: ["SequenceEnrollment", "Cascade"],
      stepId: ["SequenceStep", "Cascade"],
      contactAttemptId: ["ContactAttempt", "SetNull"],
    },
  },
  Conversion: {
    fields: {
      id: ID,
      leadId: "String?",
      campaignId: "String?",
      channel: "String?",
      revenue: "Float = 0",
      status: 'String = "lead"',
      subId: "String?",
      clickId: "String?",
      source: 'String = "keitaro"',
      postbackData: "String?",
      contactAttemptId: "String?",
      createdAt: CREATED,
    },
    members: { status: ["lead", "qualified", "customer", "churn"] },
    indexes: [["leadId"], ["campaignId"], ["subId"], ["clickId"], ["source"]],
    foreignKeys: {
      leadId: ["Lead", "SetNull"],
      campaignId: ["Campaign", "SetNull"],
      contactAttemptId: ["ContactAttempt", "SetNull"],
    },
  },
  ConversionRule: {
    fields: {
      id: ID,
      channel: "String",
      metric: "String",
      value: "String",
      conversionRate: "Float = 0",
      sampleSize: "Int = 0",
      confidence: "Float = 0",
      createdAt: CREATED,
      updatedAt: UPDATED,
    },
    members: { channel: CHANNELS },
    indexes: [["channel"], ["metric"]],
  },
  ABTest: {
    fields: {
      id: ID,
      campaignId: "String",
      channel: "String",
      variantA: "String",
      variantB: "String",
      status: 'String = "RUNNING"',
      winnerId: "String?",
      startedAt: CREATED,
      endedAt: "DateTime?",
      statsA: 'String = "{}"',
      statsB: 'String = "{}"',
    },
    members: { channel: CHANNELS, status: ["RUNNING", "PAUSED", "COMPLETED"] },
    indexes: [["campaignId"], ["status"]],
    foreignKeys: { campaignId: ["Campaign", "Cascade"] },
  },
};
