-- The rest of an audit line: the key's name, the resource, the journey, the browser, the refusal. The rows wait here until the audit service has them.
ALTER TABLE audit_log ADD COLUMN IF NOT EXISTS details jsonb;
