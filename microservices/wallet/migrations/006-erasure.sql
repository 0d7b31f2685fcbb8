-- Erasures that were made and have to be acknowledged (chassis/erasure.ts).
CREATE TABLE IF NOT EXISTS erasure (
  customer_id text PRIMARY KEY,
  erased_at timestamptz NOT NULL,
  acknowledged_at timestamptz
);

ALTER TABLE transfer ADD CONSTRAINT transfer_kind_2 CHECK (kind IN ('top_up', 'payout', 'transfer', 'capture', 'refund', 'write_off', 'credit', 'credit_expired'));

ALTER TABLE transfer DROP CONSTRAINT IF EXISTS transfer_kind_check;

CREATE INDEX IF NOT EXISTS transfer_write_off ON transfer (debit_account, reference, id) WHERE kind = 'write_off';

-- The one change of a transfer that the ledger allows: words about a person who is erased go.
CREATE OR REPLACE FUNCTION refuse_transfer_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'UPDATE' THEN IF NEW.reason IS NULL AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION 'the ledger is append-only: a row of % is never changed or deleted, post a correcting transfer instead', TG_TABLE_NAME; END $$;

CREATE OR REPLACE TRIGGER transfer_append_only BEFORE UPDATE OR DELETE ON transfer FOR EACH ROW EXECUTE FUNCTION refuse_transfer_change();
