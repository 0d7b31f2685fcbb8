-- Accounts whose balance changed since the read model of balances was last written, marked in the transaction that changed them: what was committed
-- reaches the read model even if the process dies in between. One row an account, however often it changes.
CREATE TABLE IF NOT EXISTS stale_balance (
  account_id text PRIMARY KEY,
  version bigint NOT NULL
);
