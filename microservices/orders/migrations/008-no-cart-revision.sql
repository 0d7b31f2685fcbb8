-- Nothing ever read it: a quote is compared with its cart by their lines.
ALTER TABLE quote DROP COLUMN IF EXISTS cart_revision;
