-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "users" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sessions" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "active_workspace_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "accounts" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verifications" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verifications_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workspaces" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspaces_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "memberships" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'MEMBER',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "memberships_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitations" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'MEMBER',
    "inviter_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "accepted_at" TIMESTAMPTZ(3),
    "accepted_by" TEXT,
    "cancelled_at" TIMESTAMPTZ(3),

    CONSTRAINT "invitations_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "start" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "scopes" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "last_request" BIGINT NOT NULL,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "workspace_settings" (
    "workspace_id" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL DEFAULT 'America/New_York',
    "country" TEXT NOT NULL DEFAULT 'US',
    "sender_name" TEXT NOT NULL DEFAULT '',
    "sender_email" TEXT NOT NULL DEFAULT '',
    "postal_address" TEXT NOT NULL DEFAULT '',
    "send_window" JSONB NOT NULL DEFAULT '{"days": [1, 2, 3, 4, 5], "start": "09:00", "end": "18:00"}',
    "holidays" JSONB NOT NULL DEFAULT '[]',
    "cap_per_channel_per_day" INTEGER NOT NULL DEFAULT 1,
    "cap_per_week" INTEGER NOT NULL DEFAULT 3,
    "email_per_minute" INTEGER NOT NULL DEFAULT 600,
    "sms_per_minute" INTEGER NOT NULL DEFAULT 600,
    "call_per_minute" INTEGER NOT NULL DEFAULT 60,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "workspace_settings_pkey" PRIMARY KEY ("workspace_id")
);

-- CreateTable
CREATE TABLE "conversions" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "lead_id" TEXT,
    "campaign_id" TEXT,
    "channel" TEXT,
    "revenue_minor" BIGINT NOT NULL DEFAULT 0,
    "currency" TEXT NOT NULL DEFAULT 'USD',
    "status" TEXT NOT NULL DEFAULT 'lead',
    "sub_id" TEXT,
    "click_id" TEXT,
    "source" TEXT NOT NULL DEFAULT 'keitaro',
    "postback_data" JSONB,
    "contact_attempt_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "conversions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "conversion_rules" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "metric" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "conversion_rate" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "sample_size" INTEGER NOT NULL DEFAULT 0,
    "confidence" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "conversion_rules_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ab_tests" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "campaign_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "variant_a" TEXT NOT NULL,
    "variant_b" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'RUNNING',
    "winner_id" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),
    "stats_a" JSONB NOT NULL DEFAULT '{}',
    "stats_b" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "ab_tests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "leads" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "external_id" TEXT,
    "first_name" TEXT NOT NULL DEFAULT '',
    "last_name" TEXT NOT NULL DEFAULT '',
    "full_name" TEXT,
    "phone" TEXT,
    "email" TEXT,
    "linkedin" TEXT,
    "company" TEXT,
    "job_title" TEXT,
    "website" TEXT,
    "source" TEXT NOT NULL DEFAULT 'MANUAL',
    "source_label" TEXT,
    "status" TEXT NOT NULL DEFAULT 'NEW',
    "time_zone" TEXT NOT NULL DEFAULT 'America/New_York',
    "time_zone_source" TEXT NOT NULL DEFAULT 'workspace',
    "region" TEXT,
    "country" TEXT,
    "meta" JSONB NOT NULL DEFAULT '{}',
    "notes" TEXT,
    "name_key" TEXT NOT NULL DEFAULT '',
    "search_text" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "leads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lead_row_keys" (
    "workspace_id" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,

    CONSTRAINT "lead_row_keys_pkey" PRIMARY KEY ("workspace_id","source","key")
);

-- CreateTable
CREATE TABLE "lead_name_words" (
    "workspace_id" TEXT NOT NULL,
    "word" TEXT NOT NULL,

    CONSTRAINT "lead_name_words_pkey" PRIMARY KEY ("workspace_id","word")
);

-- CreateTable
CREATE TABLE "lead_identities" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "is_primary" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lead_identities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tags" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "tags_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "lead_tags" (
    "workspace_id" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,
    "tag_id" TEXT NOT NULL,
    "lead_created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "lead_tags_pkey" PRIMARY KEY ("lead_id","tag_id")
);

-- CreateTable
CREATE TABLE "suppressions" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "scope" TEXT NOT NULL DEFAULT 'ALL',
    "evidence" TEXT,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lifted_at" TIMESTAMPTZ(3),
    "lifted_by" TEXT,
    "lift_reason" TEXT,

    CONSTRAINT "suppressions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "merge_proposals" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,
    "other_lead_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'OPEN',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_at" TIMESTAMPTZ(3),
    "decided_by" TEXT,

    CONSTRAINT "merge_proposals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_jobs" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "file_key" TEXT NOT NULL,
    "file_bytes" BIGINT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'UPLOADED',
    "encoding" TEXT NOT NULL,
    "delimiter" TEXT NOT NULL,
    "headers" JSONB NOT NULL DEFAULT '[]',
    "mapping" JSONB NOT NULL DEFAULT '[]',
    "options" JSONB NOT NULL DEFAULT '{}',
    "rows_total" INTEGER,
    "rows_read" INTEGER NOT NULL DEFAULT 0,
    "bytes_read" BIGINT NOT NULL DEFAULT 0,
    "created_count" INTEGER NOT NULL DEFAULT 0,
    "updated_count" INTEGER NOT NULL DEFAULT 0,
    "unchanged_count" INTEGER NOT NULL DEFAULT 0,
    "faulty_count" INTEGER NOT NULL DEFAULT 0,
    "failure" TEXT,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),
    "cancel_asked_at" TIMESTAMPTZ(3),

    CONSTRAINT "import_jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_rows" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "import_job_id" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "column" TEXT,
    "value" TEXT,
    "reason" TEXT NOT NULL,
    "cells" JSONB NOT NULL DEFAULT '[]',
    "is_fatal" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "import_rows_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "import_mappings" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "mapping" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "import_mappings_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "messages" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "lead_id" TEXT,
    "direction" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "subject" TEXT,
    "text" TEXT NOT NULL,
    "html" TEXT,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "call" JSONB NOT NULL DEFAULT '{}',
    "segments" INTEGER NOT NULL DEFAULT 1,
    "provider" TEXT,
    "provider_ref" TEXT,
    "contact_attempt_id" TEXT,
    "script_id" TEXT,
    "campaign_id" TEXT,
    "execution_id" TEXT,
    "due_at" TIMESTAMPTZ(3),
    "handed_at" TIMESTAMPTZ(3),
    "tries" INTEGER NOT NULL DEFAULT 0,
    "failure" TEXT,
    "in_reply_to" TEXT,
    "thread_key" TEXT,
    "read_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "sent_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "messages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "contact_attempts" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,
    "campaign_id" TEXT,
    "channel" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'PENDING',
    "script_id" TEXT,
    "provider" TEXT,
    "provider_ref" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),
    "duration" INTEGER,
    "cost_micros" BIGINT,
    "result" TEXT,
    "notes" TEXT,
    "verdict" JSONB NOT NULL DEFAULT '{}',
    "tries" JSONB NOT NULL DEFAULT '[]',
    "transcript" TEXT,
    "recording_url" TEXT,
    "handed_at" TIMESTAMPTZ(3),
    "is_touch" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "contact_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "channel_usages" (
    "workspace_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "minute" TIMESTAMPTZ(3) NOT NULL,
    "used" INTEGER NOT NULL,

    CONSTRAINT "channel_usages_pkey" PRIMARY KEY ("workspace_id","channel","minute")
);

-- CreateTable
CREATE TABLE "campaigns" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "status" TEXT NOT NULL DEFAULT 'DRAFT',
    "channels" JSONB NOT NULL DEFAULT '[]',
    "meta" JSONB,
    "start_date" TIMESTAMPTZ(3),
    "end_date" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "campaigns_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_leads" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "campaign_id" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'PENDING',
    "assigned_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaign_leads_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "scripts" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "content" TEXT,
    "subject" TEXT,
    "preheader" TEXT,
    "format" TEXT NOT NULL DEFAULT 'markdown',
    "vapi_config" JSONB,
    "campaign_id" TEXT,
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "scripts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "retention_sequences" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "status" TEXT NOT NULL DEFAULT 'DRAFT',
    "channels" JSONB NOT NULL DEFAULT '[]',
    "trigger_type" TEXT NOT NULL DEFAULT 'manual',
    "trigger_config" JSONB NOT NULL DEFAULT '{}',
    "settings" JSONB NOT NULL DEFAULT '{}',
    "priority" INTEGER NOT NULL DEFAULT 0,
    "activated_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "retention_sequences_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sequence_steps" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "sequence_id" TEXT NOT NULL,
    "step_order" INTEGER NOT NULL,
    "channel" TEXT NOT NULL,
    "script_id" TEXT,
    "delay_value" INTEGER NOT NULL DEFAULT 0,
    "delay_unit" TEXT NOT NULL DEFAULT 'HOURS',
    "conditions" JSONB NOT NULL DEFAULT '{}',
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "sequence_steps_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sequence_enrollments" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "sequence_id" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,
    "campaign_id" TEXT,
    "status" TEXT NOT NULL DEFAULT 'ACTIVE',
    "current_step" INTEGER NOT NULL DEFAULT 0,
    "run" INTEGER NOT NULL DEFAULT 1,
    "enrolled_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),
    "last_step_at" TIMESTAMPTZ(3),
    "paused_at" TIMESTAMPTZ(3),
    "paused_by" TEXT,
    "end_reason" TEXT,
    "ended_by" TEXT,
    "meta" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "sequence_enrollments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sequence_step_executions" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "enrollment_id" TEXT NOT NULL,
    "step_id" TEXT NOT NULL,
    "lead_id" TEXT NOT NULL,
    "run" INTEGER NOT NULL DEFAULT 1,
    "step_order" INTEGER NOT NULL,
    "contact_attempt_id" TEXT,
    "status" TEXT NOT NULL DEFAULT 'PENDING',
    "due_at" TIMESTAMPTZ(3),
    "scheduled_at" TIMESTAMPTZ(3),
    "executed_at" TIMESTAMPTZ(3),
    "remaining_ms" BIGINT,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "result" JSONB NOT NULL DEFAULT '{}',
    "verdict" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "sequence_step_executions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "bulk_enrollments" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "sequence_id" TEXT NOT NULL,
    "campaign_id" TEXT,
    "filter" JSONB NOT NULL DEFAULT '{}',
    "status" TEXT NOT NULL DEFAULT 'QUEUED',
    "total" INTEGER NOT NULL DEFAULT 0,
    "enrolled_count" INTEGER NOT NULL DEFAULT 0,
    "refused_count" INTEGER NOT NULL DEFAULT 0,
    "cursor" TEXT,
    "failure" TEXT,
    "created_by" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "cancel_asked_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "bulk_enrollments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "events" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT,
    "lead_id" TEXT,
    "subject_id" TEXT,
    "payload" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inbound_events" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "fact" JSONB NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'received',
    "detail" TEXT,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "inbound_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "integration_configs" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "config" JSONB NOT NULL DEFAULT '{}',
    "secrets" TEXT,
    "is_active" BOOLEAN NOT NULL DEFAULT true,
    "health_status" TEXT,
    "health_detail" TEXT,
    "health_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "integration_configs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "workspace_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "route" TEXT NOT NULL,
    "body_hash" TEXT NOT NULL,
    "status" INTEGER,
    "body" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("workspace_id","key")
);

-- CreateTable
CREATE TABLE "sandbox_deliveries" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "message_id" TEXT,
    "from" TEXT NOT NULL,
    "to" TEXT NOT NULL,
    "subject" TEXT,
    "text" TEXT NOT NULL,
    "html" TEXT,
    "headers" JSONB NOT NULL DEFAULT '{}',
    "direction" TEXT NOT NULL DEFAULT 'outbound',
    "outcome" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sandbox_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "users_email_key" ON "users"("email");

-- CreateIndex
CREATE UNIQUE INDEX "sessions_token_key" ON "sessions"("token");

-- CreateIndex
CREATE INDEX "sessions_user_id_idx" ON "sessions"("user_id");

-- CreateIndex
CREATE INDEX "sessions_expires_at_idx" ON "sessions"("expires_at");

-- CreateIndex
CREATE INDEX "accounts_user_id_idx" ON "accounts"("user_id");

-- CreateIndex
CREATE INDEX "verifications_identifier_idx" ON "verifications"("identifier");

-- CreateIndex
CREATE INDEX "memberships_user_id_idx" ON "memberships"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "memberships_workspace_id_user_id_key" ON "memberships"("workspace_id", "user_id");

-- CreateIndex
CREATE INDEX "invitations_workspace_id_created_at_id_idx" ON "invitations"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_key_hash_key" ON "api_keys"("key_hash");

-- CreateIndex
CREATE INDEX "api_keys_workspace_id_created_at_id_idx" ON "api_keys"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "rate_limits_key_key" ON "rate_limits"("key");

-- CreateIndex
CREATE INDEX "rate_limits_last_request_idx" ON "rate_limits"("last_request");

-- CreateIndex
CREATE INDEX "conversions_workspace_id_lead_id_idx" ON "conversions"("workspace_id", "lead_id");

-- CreateIndex
CREATE INDEX "conversions_workspace_id_campaign_id_idx" ON "conversions"("workspace_id", "campaign_id");

-- CreateIndex
CREATE INDEX "conversions_workspace_id_sub_id_idx" ON "conversions"("workspace_id", "sub_id");

-- CreateIndex
CREATE INDEX "conversions_workspace_id_click_id_idx" ON "conversions"("workspace_id", "click_id");

-- CreateIndex
CREATE INDEX "conversions_workspace_id_source_idx" ON "conversions"("workspace_id", "source");

-- CreateIndex
CREATE INDEX "conversions_lead_id_idx" ON "conversions"("lead_id");

-- CreateIndex
CREATE INDEX "conversions_campaign_id_idx" ON "conversions"("campaign_id");

-- CreateIndex
CREATE INDEX "conversions_contact_attempt_id_idx" ON "conversions"("contact_attempt_id");

-- CreateIndex
CREATE INDEX "conversion_rules_workspace_id_channel_idx" ON "conversion_rules"("workspace_id", "channel");

-- CreateIndex
CREATE INDEX "conversion_rules_workspace_id_metric_idx" ON "conversion_rules"("workspace_id", "metric");

-- CreateIndex
CREATE INDEX "ab_tests_workspace_id_campaign_id_idx" ON "ab_tests"("workspace_id", "campaign_id");

-- CreateIndex
CREATE INDEX "ab_tests_campaign_id_idx" ON "ab_tests"("campaign_id");

-- CreateIndex
CREATE INDEX "ab_tests_workspace_id_status_idx" ON "ab_tests"("workspace_id", "status");

-- CreateIndex
CREATE INDEX "leads_workspace_id_email_idx" ON "leads"("workspace_id", "email");

-- CreateIndex
CREATE INDEX "leads_workspace_id_phone_idx" ON "leads"("workspace_id", "phone");

-- CreateIndex
CREATE INDEX "leads_workspace_id_status_source_created_at_id_idx" ON "leads"("workspace_id", "status", "source", "created_at", "id");

-- CreateIndex
CREATE INDEX "leads_workspace_id_status_source_updated_at_id_idx" ON "leads"("workspace_id", "status", "source", "updated_at", "id");

-- CreateIndex
CREATE INDEX "leads_workspace_id_status_source_name_key_id_idx" ON "leads"("workspace_id", "status", "source", "name_key", "id");

-- CreateIndex
CREATE INDEX "leads_workspace_id_country_created_at_id_idx" ON "leads"("workspace_id", "country", "created_at", "id");

-- CreateIndex
CREATE INDEX "leads_workspace_id_created_at_id_idx" ON "leads"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "leads_workspace_id_name_key_id_idx" ON "leads"("workspace_id", "name_key", "id");

-- CreateIndex
CREATE INDEX "leads_workspace_id_updated_at_id_idx" ON "leads"("workspace_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "lead_row_keys_lead_id_idx" ON "lead_row_keys"("lead_id");

-- CreateIndex
CREATE INDEX "lead_identities_workspace_id_kind_value_lead_id_idx" ON "lead_identities"("workspace_id", "kind", "value", "lead_id");

-- CreateIndex
CREATE UNIQUE INDEX "lead_identities_lead_id_kind_value_key" ON "lead_identities"("lead_id", "kind", "value");

-- CreateIndex
CREATE UNIQUE INDEX "tags_workspace_id_name_key_key" ON "tags"("workspace_id", "name_key");

-- CreateIndex
CREATE INDEX "lead_tags_workspace_id_tag_id_lead_created_at_lead_id_idx" ON "lead_tags"("workspace_id", "tag_id", "lead_created_at", "lead_id");

-- CreateIndex
CREATE INDEX "suppressions_workspace_id_kind_value_idx" ON "suppressions"("workspace_id", "kind", "value");

-- CreateIndex
CREATE INDEX "suppressions_workspace_id_created_at_id_idx" ON "suppressions"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "merge_proposals_workspace_id_status_created_at_id_idx" ON "merge_proposals"("workspace_id", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "merge_proposals_lead_id_idx" ON "merge_proposals"("lead_id");

-- CreateIndex
CREATE INDEX "merge_proposals_other_lead_id_idx" ON "merge_proposals"("other_lead_id");

-- CreateIndex
CREATE UNIQUE INDEX "merge_proposals_workspace_id_lead_id_other_lead_id_kind_val_key" ON "merge_proposals"("workspace_id", "lead_id", "other_lead_id", "kind", "value");

-- CreateIndex
CREATE INDEX "import_jobs_workspace_id_created_at_id_idx" ON "import_jobs"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "import_rows_workspace_id_import_job_id_line_idx" ON "import_rows"("workspace_id", "import_job_id", "line");

-- CreateIndex
CREATE UNIQUE INDEX "import_mappings_workspace_id_name_key" ON "import_mappings"("workspace_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "messages_contact_attempt_id_key" ON "messages"("contact_attempt_id");

-- CreateIndex
CREATE INDEX "messages_workspace_id_lead_id_created_at_id_idx" ON "messages"("workspace_id", "lead_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "messages_workspace_id_created_at_id_idx" ON "messages"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "messages_workspace_id_channel_created_at_id_idx" ON "messages"("workspace_id", "channel", "created_at", "id");

-- CreateIndex
CREATE INDEX "messages_workspace_id_status_created_at_id_idx" ON "messages"("workspace_id", "status", "created_at", "id");

-- CreateIndex
CREATE INDEX "messages_workspace_id_provider_provider_ref_idx" ON "messages"("workspace_id", "provider", "provider_ref");

-- CreateIndex
CREATE INDEX "messages_workspace_id_to_created_at_idx" ON "messages"("workspace_id", "to", "created_at");

-- CreateIndex
CREATE INDEX "messages_execution_id_idx" ON "messages"("execution_id");

-- CreateIndex
CREATE INDEX "messages_script_id_idx" ON "messages"("script_id");

-- CreateIndex
CREATE INDEX "messages_campaign_id_idx" ON "messages"("campaign_id");

-- CreateIndex
CREATE INDEX "contact_attempts_workspace_id_lead_id_handed_at_idx" ON "contact_attempts"("workspace_id", "lead_id", "handed_at");

-- CreateIndex
CREATE INDEX "contact_attempts_workspace_id_channel_started_at_idx" ON "contact_attempts"("workspace_id", "channel", "started_at");

-- CreateIndex
CREATE INDEX "contact_attempts_workspace_id_status_started_at_idx" ON "contact_attempts"("workspace_id", "status", "started_at");

-- CreateIndex
CREATE INDEX "contact_attempts_workspace_id_campaign_id_started_at_idx" ON "contact_attempts"("workspace_id", "campaign_id", "started_at");

-- CreateIndex
CREATE INDEX "contact_attempts_lead_id_idx" ON "contact_attempts"("lead_id");

-- CreateIndex
CREATE INDEX "contact_attempts_campaign_id_idx" ON "contact_attempts"("campaign_id");

-- CreateIndex
CREATE INDEX "contact_attempts_script_id_idx" ON "contact_attempts"("script_id");

-- CreateIndex
CREATE INDEX "campaigns_workspace_id_status_idx" ON "campaigns"("workspace_id", "status");

-- CreateIndex
CREATE INDEX "campaigns_workspace_id_created_at_id_idx" ON "campaigns"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "campaign_leads_workspace_id_campaign_id_assigned_at_id_idx" ON "campaign_leads"("workspace_id", "campaign_id", "assigned_at", "id");

-- CreateIndex
CREATE INDEX "campaign_leads_lead_id_idx" ON "campaign_leads"("lead_id");

-- CreateIndex
CREATE UNIQUE INDEX "campaign_leads_campaign_id_lead_id_key" ON "campaign_leads"("campaign_id", "lead_id");

-- CreateIndex
CREATE INDEX "scripts_campaign_id_idx" ON "scripts"("campaign_id");

-- CreateIndex
CREATE INDEX "scripts_workspace_id_type_idx" ON "scripts"("workspace_id", "type");

-- CreateIndex
CREATE INDEX "scripts_workspace_id_created_at_id_idx" ON "scripts"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "retention_sequences_workspace_id_status_idx" ON "retention_sequences"("workspace_id", "status");

-- CreateIndex
CREATE INDEX "retention_sequences_workspace_id_trigger_type_idx" ON "retention_sequences"("workspace_id", "trigger_type");

-- CreateIndex
CREATE INDEX "retention_sequences_workspace_id_created_at_id_idx" ON "retention_sequences"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "sequence_steps_sequence_id_step_order_idx" ON "sequence_steps"("sequence_id", "step_order");

-- CreateIndex
CREATE INDEX "sequence_steps_script_id_idx" ON "sequence_steps"("script_id");

-- CreateIndex
CREATE INDEX "sequence_enrollments_workspace_id_sequence_id_status_enroll_idx" ON "sequence_enrollments"("workspace_id", "sequence_id", "status", "enrolled_at", "id");

-- CreateIndex
CREATE INDEX "sequence_enrollments_workspace_id_status_idx" ON "sequence_enrollments"("workspace_id", "status");

-- CreateIndex
CREATE INDEX "sequence_enrollments_lead_id_idx" ON "sequence_enrollments"("lead_id");

-- CreateIndex
CREATE INDEX "sequence_enrollments_campaign_id_idx" ON "sequence_enrollments"("campaign_id");

-- CreateIndex
CREATE UNIQUE INDEX "sequence_enrollments_sequence_id_lead_id_key" ON "sequence_enrollments"("sequence_id", "lead_id");

-- CreateIndex
CREATE INDEX "sequence_step_executions_workspace_id_status_scheduled_at_idx" ON "sequence_step_executions"("workspace_id", "status", "scheduled_at");

-- CreateIndex
CREATE INDEX "sequence_step_executions_workspace_id_lead_id_idx" ON "sequence_step_executions"("workspace_id", "lead_id");

-- CreateIndex
CREATE INDEX "sequence_step_executions_step_id_status_idx" ON "sequence_step_executions"("step_id", "status");

-- CreateIndex
CREATE INDEX "sequence_step_executions_contact_attempt_id_idx" ON "sequence_step_executions"("contact_attempt_id");

-- CreateIndex
CREATE UNIQUE INDEX "sequence_step_executions_enrollment_id_run_step_id_key" ON "sequence_step_executions"("enrollment_id", "run", "step_id");

-- CreateIndex
CREATE INDEX "bulk_enrollments_workspace_id_created_at_id_idx" ON "bulk_enrollments"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "bulk_enrollments_sequence_id_idx" ON "bulk_enrollments"("sequence_id");

-- CreateIndex
CREATE INDEX "events_workspace_id_at_id_idx" ON "events"("workspace_id", "at", "id");

-- CreateIndex
CREATE INDEX "events_workspace_id_lead_id_at_id_idx" ON "events"("workspace_id", "lead_id", "at", "id");

-- CreateIndex
CREATE INDEX "events_workspace_id_subject_id_idx" ON "events"("workspace_id", "subject_id");

-- CreateIndex
CREATE INDEX "inbound_events_workspace_id_status_received_at_idx" ON "inbound_events"("workspace_id", "status", "received_at");

-- CreateIndex
CREATE UNIQUE INDEX "inbound_events_workspace_id_provider_external_id_key" ON "inbound_events"("workspace_id", "provider", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "integration_configs_workspace_id_provider_key" ON "integration_configs"("workspace_id", "provider");

-- CreateIndex
CREATE INDEX "idempotency_keys_workspace_id_created_at_idx" ON "idempotency_keys"("workspace_id", "created_at");

-- CreateIndex
CREATE INDEX "sandbox_deliveries_workspace_id_channel_at_id_idx" ON "sandbox_deliveries"("workspace_id", "channel", "at", "id");

-- CreateIndex
CREATE INDEX "sandbox_deliveries_workspace_id_message_id_idx" ON "sandbox_deliveries"("workspace_id", "message_id");

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_active_workspace_id_fkey" FOREIGN KEY ("active_workspace_id") REFERENCES "workspaces"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "accounts" ADD CONSTRAINT "accounts_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_inviter_id_fkey" FOREIGN KEY ("inviter_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_accepted_by_fkey" FOREIGN KEY ("accepted_by") REFERENCES "users"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_workspace_id_created_by_fkey" FOREIGN KEY ("workspace_id", "created_by") REFERENCES "memberships"("workspace_id", "user_id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "workspace_settings" ADD CONSTRAINT "workspace_settings_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversions" ADD CONSTRAINT "conversions_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversions" ADD CONSTRAINT "conversions_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "conversions" ADD CONSTRAINT "conversions_contact_attempt_id_fkey" FOREIGN KEY ("contact_attempt_id") REFERENCES "contact_attempts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ab_tests" ADD CONSTRAINT "ab_tests_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lead_row_keys" ADD CONSTRAINT "lead_row_keys_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lead_identities" ADD CONSTRAINT "lead_identities_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lead_tags" ADD CONSTRAINT "lead_tags_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "lead_tags" ADD CONSTRAINT "lead_tags_tag_id_fkey" FOREIGN KEY ("tag_id") REFERENCES "tags"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "merge_proposals" ADD CONSTRAINT "merge_proposals_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "merge_proposals" ADD CONSTRAINT "merge_proposals_other_lead_id_fkey" FOREIGN KEY ("other_lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "import_rows" ADD CONSTRAINT "import_rows_import_job_id_fkey" FOREIGN KEY ("import_job_id") REFERENCES "import_jobs"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_contact_attempt_id_fkey" FOREIGN KEY ("contact_attempt_id") REFERENCES "contact_attempts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_script_id_fkey" FOREIGN KEY ("script_id") REFERENCES "scripts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "messages" ADD CONSTRAINT "messages_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact_attempts" ADD CONSTRAINT "contact_attempts_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact_attempts" ADD CONSTRAINT "contact_attempts_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "contact_attempts" ADD CONSTRAINT "contact_attempts_script_id_fkey" FOREIGN KEY ("script_id") REFERENCES "scripts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_leads" ADD CONSTRAINT "campaign_leads_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_leads" ADD CONSTRAINT "campaign_leads_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scripts" ADD CONSTRAINT "scripts_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_steps" ADD CONSTRAINT "sequence_steps_sequence_id_fkey" FOREIGN KEY ("sequence_id") REFERENCES "retention_sequences"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_steps" ADD CONSTRAINT "sequence_steps_script_id_fkey" FOREIGN KEY ("script_id") REFERENCES "scripts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_enrollments" ADD CONSTRAINT "sequence_enrollments_sequence_id_fkey" FOREIGN KEY ("sequence_id") REFERENCES "retention_sequences"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_enrollments" ADD CONSTRAINT "sequence_enrollments_lead_id_fkey" FOREIGN KEY ("lead_id") REFERENCES "leads"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_enrollments" ADD CONSTRAINT "sequence_enrollments_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaigns"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_step_executions" ADD CONSTRAINT "sequence_step_executions_enrollment_id_fkey" FOREIGN KEY ("enrollment_id") REFERENCES "sequence_enrollments"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_step_executions" ADD CONSTRAINT "sequence_step_executions_step_id_fkey" FOREIGN KEY ("step_id") REFERENCES "sequence_steps"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sequence_step_executions" ADD CONSTRAINT "sequence_step_executions_contact_attempt_id_fkey" FOREIGN KEY ("contact_attempt_id") REFERENCES "contact_attempts"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "bulk_enrollments" ADD CONSTRAINT "bulk_enrollments_sequence_id_fkey" FOREIGN KEY ("sequence_id") REFERENCES "retention_sequences"("id") ON DELETE CASCADE ON UPDATE CASCADE;
