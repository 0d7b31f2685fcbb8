-- One row per owner and currency. Owners' accounts are what the platform owes them: credits add, debits take away.
-- The checks are the last line of defence: policy decides before, under the row's lock.
CREATE TABLE IF NOT EXISTS account (
  id text PRIMARY KEY,
  owner_id text NOT NULL,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  balance bigint NOT NULL DEFAULT 0 CHECK (balance <= 9007199254740991),
  held bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
  entries bigint NOT NULL DEFAULT 0,
  version bigint NOT NULL DEFAULT 0,
  frozen boolean NOT NULL DEFAULT false,
  freeze_reason text,
  limit_per_transfer bigint,
  limit_per_day bigint,
  limit_balance bigint,
  spent_on date,
  spent bigint NOT NULL DEFAULT 0,
  opened_at timestamptz NOT NULL,
  CONSTRAINT account_available CHECK (balance >= held)
);

CREATE UNIQUE INDEX IF NOT EXISTS account_owner ON account (owner_id, currency);

-- debit_account and credit_account hold an account's id or the name of one of the platform's own books (external:EUR, sales:EUR, refunds:EUR).
-- Those books have no row and no stored balance: every payment touches one, and a row would make all payments take turns.
CREATE TABLE IF NOT EXISTS transfer (
  id text PRIMARY KEY,
  linked_id text,
  kind text NOT NULL CHECK (kind IN ('top_up', 'payout', 'transfer', 'capture', 'refund')),
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  debit_account text NOT NULL,
  credit_account text NOT NULL CHECK (credit_account <> debit_account),
  hold_id text,
  reference text NOT NULL,
  reason text,
  at timestamptz NOT NULL
);

CREATE INDEX IF NOT EXISTS transfer_reference ON transfer (reference, id);

CREATE INDEX IF NOT EXISTS transfer_linked ON transfer (linked_id) WHERE linked_id IS NOT NULL;

-- One refund per hold and reference, whoever asks and however often.
CREATE UNIQUE INDEX IF NOT EXISTS transfer_refund ON transfer (hold_id, reference) WHERE kind = 'refund';

-- Two per transfer. Entries of owners' accounts are numbered 1, 2, 3 … per account and carry the balance after them.
CREATE TABLE IF NOT EXISTS entry (
  transfer_id text NOT NULL,
  side text NOT NULL CHECK (side IN ('debit', 'credit')),
  account_id text NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  sequence bigint,
  balance_after bigint,
  PRIMARY KEY (transfer_id, side)
);

CREATE UNIQUE INDEX IF NOT EXISTS entry_account ON entry (account_id, sequence) WHERE sequence IS NOT NULL;

CREATE OR REPLACE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the ledger is append-only: a row of % is never changed or deleted, post a correcting transfer instead', TG_TABLE_NAME; END $$;

CREATE OR REPLACE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();

CREATE OR REPLACE TRIGGER transfer_append_only BEFORE UPDATE OR DELETE ON transfer FOR EACH ROW EXECUTE FUNCTION refuse_ledger_change();
