-- Granted credit that the captures of a hold took and no refund has given back: a refund gives it back as credit.
ALTER TABLE hold ADD COLUMN IF NOT EXISTS credit_used bigint NOT NULL DEFAULT 0;

-- Granted credit that is not spent yet: part of the balance. It pays for orders only, and expires.
ALTER TABLE account ADD COLUMN IF NOT EXISTS credit bigint NOT NULL DEFAULT 0;

-- remaining: at most what is left of it. Payments lower account.credit alone; the difference was spent, expiring grants first (policy/credit.ts).
-- due_at: when the job takes back what is left; null when there is nothing to take.
CREATE TABLE IF NOT EXISTS credit_grant (
  id text PRIMARY KEY,
  account_id text NOT NULL,
  owner_id text NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  remaining bigint NOT NULL CHECK (remaining >= 0),
  taken_back bigint NOT NULL DEFAULT 0 CHECK (taken_back >= 0),
  reference text NOT NULL,
  reason text,
  transfer_id text NOT NULL,
  returned boolean NOT NULL DEFAULT false,
  granted_at timestamptz NOT NULL,
  expires_at timestamptz,
  due_at timestamptz,
  CONSTRAINT credit_grant_parts CHECK (remaining + taken_back <= amount)
);

-- Not unique: a merge may bring two grants with one reference together.
CREATE INDEX IF NOT EXISTS credit_grant_reference ON credit_grant (account_id, reference, id);

CREATE INDEX IF NOT EXISTS credit_grant_owner ON credit_grant (owner_id, id);

CREATE INDEX IF NOT EXISTS credit_grant_due ON credit_grant (due_at ASC, account_id) WHERE due_at IS NOT NULL;
