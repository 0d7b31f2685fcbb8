-- One row a message. Subject and body are as they were written; a secret body goes once it was sent.
-- Queued rows are spread over buckets, so that a queue ordered by time is not one hot shard.
CREATE TABLE IF NOT EXISTS notification (
  id text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('queued', 'sent', 'delivered', 'read', 'failed', 'cancelled')),
  channel text NOT NULL CHECK (channel IN ('email', 'in_app')),
  purpose text NOT NULL CHECK (purpose IN ('transactional', 'marketing')),
  template text NOT NULL,
  template_version bigint NOT NULL,
  locale text NOT NULL,
  customer_id text,
  recipient text,
  subject text NOT NULL,
  body text,
  html text,
  confidential boolean NOT NULL,
  about text,
  dedupe_key text,
  attempts bigint NOT NULL DEFAULT 0,
  last_error text,
  provider text,
  bucket smallint NOT NULL,
  send_after timestamptz NOT NULL,
  claimed_until timestamptz,
  created_at timestamptz NOT NULL,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz
);

CREATE UNIQUE INDEX IF NOT EXISTS notification_dedupe ON notification (dedupe_key, channel) WHERE dedupe_key IS NOT NULL;

CREATE INDEX IF NOT EXISTS notification_queue ON notification (bucket, send_after) WHERE state = 'queued';

CREATE INDEX IF NOT EXISTS notification_customer ON notification (customer_id, created_at, id) WHERE customer_id IS NOT NULL;

CREATE INDEX IF NOT EXISTS notification_recipient ON notification (recipient) WHERE recipient IS NOT NULL;

CREATE INDEX IF NOT EXISTS notification_about ON notification (about) WHERE about IS NOT NULL;

CREATE INDEX IF NOT EXISTS notification_created ON notification (created_at ASC, id);

-- Words with placeholders (Liquid), one row a language.
CREATE TABLE IF NOT EXISTS template (
  template text NOT NULL,
  locale text NOT NULL,
  title text NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('transactional', 'marketing')),
  confidential boolean NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  html text,
  sample_data jsonb,
  version bigint NOT NULL,
  built_in boolean NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (template, locale)
);

CREATE TABLE IF NOT EXISTS preference (
  customer_id text PRIMARY KEY,
  time_zone text NOT NULL,
  quiet_from text,
  quiet_until text,
  updated_at timestamptz NOT NULL
);

-- Where messages lie while no mail server is set up; the id is the notification's, so that none lies here twice.
CREATE TABLE IF NOT EXISTS dev_inbox (
  id text PRIMARY KEY,
  sender text NOT NULL,
  recipient text NOT NULL,
  subject text NOT NULL,
  body text NOT NULL,
  html text,
  template text NOT NULL,
  received_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS dev_inbox_received ON dev_inbox (received_at ASC, id);

-- Persons whose messages are gone, until customers were told so.
CREATE TABLE IF NOT EXISTS erasure (
  customer_id text PRIMARY KEY,
  erased_at timestamptz NOT NULL,
  acknowledged_at timestamptz
);
