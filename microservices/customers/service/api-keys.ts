import type { ApiKeyRecord } from '../../chassis/auth/authenticate.ts';
import { actorOf, hasScope, type Caller } from '../../chassis/auth/caller.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { newId } from '../../chassis/ids.ts';
import { toPage } from '../../chassis/cursor.ts';
import { command } from '../../chassis/http/command.ts';
import type { Context, Failures, Handlers, Tx } from '../context.ts';
import { findApiKeyById, findWorkingKey, insertApiKey, listApiKeys, revokeApiKey } from '../store/api-keys.ts';
import { newApiKey } from './secrets.ts';

/** Finds a working key by the SHA-256 of it, for authentication in the process that runs this service. */
export const findApiKey =
  (database: Queryable) =>
  (hash: string): Promise<ApiKeyRecord | undefined> =>
    findWorkingKey(database, hash);

type Names = 'createApiKey' | 'listApiKeys' | 'getCurrentApiKey' | 'revokeApiKey' | 'introspectApiKey';

export const apiKeyHandlers = (context: Context): Pick<Handlers, Names> => ({
  createApiKey: command(async (tx, { name, scopes: asked, expiresAt = null }, { caller, errors }) => {
    const scopes = [...new Set(asked)].toSorted();
    requireHeld(caller, scopes, errors);
    await requireEndsFirst(tx, caller, expiresAt, errors);
    const now = context.now();
    if (expiresAt !== null && new Date(expiresAt) <= now) {
      throw errors.EXPIRES_IN_THE_PAST(
        `expiresAt ${expiresAt} is not in the future. Give a later moment, or leave it out for a key that never expires.`,
      );
    }
    const { key, hint, hash } = newApiKey();
    const createdBy = actorOf(caller);
    const created = await insertApiKey(tx, { id: newId('key'), hash, name, hint, scopes, createdBy, expiresAt, now });
    tx.append('api_key.created', created.id, { keyId: created.id, scopes, expiresAt: created.expiresAt });
    return { ...created, key };
  }),

  listApiKeys: async (input) => toPage(await listApiKeys(context.database, input), input.limit, (key) => [key.id]),

  getCurrentApiKey: async (_input, { caller }) => ({
    id: caller.id,
    scopes: caller.kind === 'key' ? [...caller.scopes] : [],
  }),

  revokeApiKey: command(async (tx, { keyId }, { caller, errors }) => {
    requireHeld(caller, (await findApiKeyById(tx, keyId))?.scopes ?? [], errors);
    const revoked = await revokeApiKey(tx, keyId, context.now());
    if (!revoked) throw errors.KEY_NOT_FOUND(`There is no API key ${keyId}. List the keys to find the right id.`);
    if (revoked.first) tx.append('api_key.revoked', keyId, { keyId });
    return revoked.key;
  }),

  introspectApiKey: async ({ hash }, { errors }) => {
    const found = await findWorkingKey(context.database, hash);
    if (!found) throw errors.KEY_NOT_FOUND('No working API key has this hash: it is unknown, revoked or expired.');
    return found;
  },
});

/** A key gives and takes away no more than it has itself. */
const requireHeld = (
  caller: Caller,
  scopes: readonly string[],
  errors: Pick<Failures<'createApiKey'>, 'SCOPE_NOT_HELD'>,
): void => {
  const held = caller.kind === 'key' ? caller.scopes : [];
  const lacking = scopes.filter((scope) => !hasScope(held, scope));
  if (lacking.length === 0) return;
  throw errors.SCOPE_NOT_HELD(
    `The key of this request does not have ${lacking.join(', ')} itself. Use a key that does.`,
    { scopes: lacking },
  );
};

/** A key that expires cannot live on in one that it makes. */
const requireEndsFirst = async (
  tx: Tx,
  caller: Caller,
  expiresAt: string | null,
  errors: Failures<'createApiKey'>,
): Promise<void> => {
  const own = (await findApiKeyById(tx, caller.id))?.expiresAt ?? null;
  if (own === null || (expiresAt !== null && new Date(expiresAt) <= new Date(own))) return;
  throw errors.OUTLIVES_CALLER(
    `The key of this request expires at ${own}, and makes no key that lives longer. Give that time or an earlier one.`,
    { expiresAt: own },
  );
};
