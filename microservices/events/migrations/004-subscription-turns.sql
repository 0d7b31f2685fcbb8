-- One row, locked by whoever adds a subscription, so that their number is counted by one at a time.
CREATE TABLE IF NOT EXISTS subscription_turn (
  id int PRIMARY KEY
);
