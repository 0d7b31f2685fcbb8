-- A top-up or payout is found again by its account and reference, so that a payment outside that is reported again is not booked again. Not unique:
-- what was booked twice before this rule stays.
CREATE INDEX IF NOT EXISTS transfer_top_up ON transfer (credit_account, reference, id) WHERE kind = 'top_up';

CREATE INDEX IF NOT EXISTS transfer_payout ON transfer (debit_account, reference, id) WHERE kind = 'payout';

-- How many holds were requested for a reference: only after the first request has the service to look for an earlier hold.
ALTER TABLE payment_reference ADD COLUMN IF NOT EXISTS requests bigint NOT NULL DEFAULT 1;
