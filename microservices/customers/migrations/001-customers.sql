-- Groups that price lists and promotions ask for.
CREATE TABLE IF NOT EXISTS customer_group (
  code text PRIMARY KEY,
  title text NOT NULL,
  description text,
  created_at timestamptz NOT NULL
);

-- One row a person or guest. An erased customer keeps its id and nothing else.
CREATE TABLE IF NOT EXISTS customer (
  id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('guest', 'registered')),
  state text NOT NULL CHECK (state IN ('active', 'disabled', 'merged', 'erased')),
  email text,
  email_verified boolean NOT NULL DEFAULT false,
  phone text,
  phone_verified boolean NOT NULL DEFAULT false,
  name text,
  locale text NOT NULL,
  currency text,
  preferred_channel text NOT NULL,
  country text,
  group_code text REFERENCES customer_group (code),
  metadata jsonb NOT NULL,
  password_hash text,
  merged_into text,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

-- Only a verified address signs in, and signs in one account: whoever proves first owns it.
CREATE UNIQUE INDEX IF NOT EXISTS customer_login_email ON customer (email) WHERE kind = 'registered' AND email_verified;

CREATE UNIQUE INDEX IF NOT EXISTS customer_login_phone ON customer (phone) WHERE kind = 'registered' AND phone_verified;

CREATE INDEX IF NOT EXISTS customer_email ON customer (email text_pattern_ops ASC);

CREATE INDEX IF NOT EXISTS customer_phone ON customer (phone text_pattern_ops ASC);

CREATE INDEX IF NOT EXISTS customer_name ON customer ((coalesce(name, '')) ASC, id);

CREATE INDEX IF NOT EXISTS customer_in_group ON customer (group_code, id);

CREATE INDEX IF NOT EXISTS customer_merged_into ON customer (merged_into);

CREATE TABLE IF NOT EXISTS customer_tag (
  customer_id text NOT NULL REFERENCES customer (id),
  tag text NOT NULL,
  PRIMARY KEY (customer_id, tag)
);

CREATE INDEX IF NOT EXISTS customer_tag_by_tag ON customer_tag (tag, customer_id);

CREATE TABLE IF NOT EXISTS address (
  id text PRIMARY KEY,
  customer_id text NOT NULL REFERENCES customer (id),
  label text,
  name text NOT NULL,
  line1 text NOT NULL,
  line2 text,
  city text NOT NULL,
  region text,
  postal_code text NOT NULL,
  country text NOT NULL,
  phone text,
  default_shipping boolean NOT NULL,
  default_billing boolean NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS address_of_customer ON address (customer_id, id);

CREATE UNIQUE INDEX IF NOT EXISTS address_default_shipping ON address (customer_id) WHERE default_shipping;

CREATE UNIQUE INDEX IF NOT EXISTS address_default_billing ON address (customer_id) WHERE default_billing;

-- What the person decided last.
CREATE TABLE IF NOT EXISTS consent (
  customer_id text NOT NULL REFERENCES customer (id),
  purpose text NOT NULL,
  channel text NOT NULL,
  granted boolean NOT NULL,
  policy_version text,
  source text,
  decided_at timestamptz NOT NULL,
  PRIMARY KEY (customer_id, purpose, channel)
);

-- Every decision, never changed.
CREATE TABLE IF NOT EXISTS consent_decision (
  id text PRIMARY KEY,
  customer_id text NOT NULL REFERENCES customer (id),
  purpose text NOT NULL,
  channel text NOT NULL,
  granted boolean NOT NULL,
  policy_version text,
  source text,
  decided_at timestamptz NOT NULL,
  recorded_by text NOT NULL
);

CREATE INDEX IF NOT EXISTS consent_decision_of_customer ON consent_decision (customer_id, id);

-- A session is its family of refresh tokens: the token of `generation` is good, those before it were used.
CREATE TABLE IF NOT EXISTS session (
  id text PRIMARY KEY,
  customer_id text NOT NULL REFERENCES customer (id),
  generation int NOT NULL,
  device text,
  started_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ends_by timestamptz NOT NULL,
  ended_at timestamptz,
  end_reason text
);

CREATE INDEX IF NOT EXISTS session_of_customer ON session (customer_id, id);

CREATE INDEX IF NOT EXISTS session_expires_at ON session (expires_at ASC, id);

-- Codes are not stored: they are computed from the id and a secret. A row without a customer is a decoy for an unknown address.
CREATE TABLE IF NOT EXISTS one_time_code (
  id text PRIMARY KEY,
  purpose text NOT NULL CHECK (purpose IN ('verify_email', 'reset_password', 'account_exists')),
  customer_id text REFERENCES customer (id),
  recipient text,
  locale text NOT NULL,
  attempts int NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  send_after timestamptz,
  send_attempts int NOT NULL
);

CREATE INDEX IF NOT EXISTS one_time_code_of_customer ON one_time_code (customer_id, purpose, id);

CREATE INDEX IF NOT EXISTS one_time_code_to_send ON one_time_code (send_after ASC, id) WHERE send_after IS NOT NULL;

CREATE INDEX IF NOT EXISTS one_time_code_expires_at ON one_time_code (expires_at ASC, id);

-- Attempts by a keyed hash of who is tried, whether or not there is such an account.
CREATE TABLE IF NOT EXISTS throttle (
  key text PRIMARY KEY,
  attempts int NOT NULL,
  last_at timestamptz NOT NULL,
  blocked_until timestamptz
);

CREATE INDEX IF NOT EXISTS throttle_last_at ON throttle (last_at ASC, key);

CREATE TABLE IF NOT EXISTS erasure (
  customer_id text PRIMARY KEY REFERENCES customer (id),
  state text NOT NULL CHECK (state IN ('requested', 'completed')),
  requested_at timestamptz NOT NULL,
  requested_by text NOT NULL,
  completed_at timestamptz
);

CREATE INDEX IF NOT EXISTS erasure_requested_at ON erasure (requested_at ASC, customer_id);

CREATE TABLE IF NOT EXISTS erasure_acknowledgement (
  customer_id text NOT NULL REFERENCES erasure (customer_id),
  service text NOT NULL,
  acknowledged_at timestamptz,
  PRIMARY KEY (customer_id, service)
);

CREATE TABLE IF NOT EXISTS api_key (
  id text PRIMARY KEY,
  hash text NOT NULL UNIQUE,
  name text NOT NULL,
  hint text NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
