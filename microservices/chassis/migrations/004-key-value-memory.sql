-- A deleted value leaves its row for an hour, without the value: what is written anew gets a higher version, whatever the clock says by then.
ALTER TABLE key_value ALTER COLUMN value DROP NOT NULL;
