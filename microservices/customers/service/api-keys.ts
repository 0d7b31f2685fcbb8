import type { ApiKeyRecord } from '../../chassis/auth/authenticate.ts';
import { hasScope } from '../../chassis/auth/caller.ts';
import type { Queryable } from '../../chassis/database/index.ts';
import { newId } from '../../chassis/ids.ts';
import { toPage } from '../../chassis/cursor.ts';
import { newApiKey } from '../secrets.ts';
import { findWorkingKey, insertApiKey, listApiKeys, revokeApiKey } from '../store/api-keys.ts';
import { nameOf, type Kit, type SomeHandlers } from '../types.ts';

/** Finds a working key by the SHA-256 of it, for authentication in the process that runs this service. */
export const findApiKey =
  (database: Queryable) =>
  (hash: string): Promise<ApiKeyRecord | undefined> =>
    findWorkingKey(database, hash);

export const apiKeyHandlers = (
  kit: Kit,
): SomeHandlers<'createApiKey' | 'listApiKeys' | 'getCurrentApiKey' | 'revokeApiKey' | 'introspectApiKey'> => ({
  createApiKey: async ({ name, scopes: asked, expiresAt = null }, { caller, errors, commit }) => {
    const scopes = [...new Set(asked)].toSorted();
    const held = caller.kind === 'key' ? caller.scopes : [];
    const lacking = scopes.filter((scope) => !hasScope(held, scope));
    if (lacking.length > 0) {
      throw errors.SCOPE_NOT_HELD(
        `The key that asks does not have ${lacking.join(', ')} itself. Ask with a key that does, or leave it out.`,
        { scopes: lacking },
      );
    }
    const now = kit.platform.now();
    if (expiresAt !== null && new Date(expiresAt) <= now) {
      throw errors.EXPIRES_IN_THE_PAST(
        `expiresAt ${expiresAt} is not in the future. Give a later moment, or leave it out for a key without end.`,
      );
    }
    const { key, hint, hash } = newApiKey();
    return commit(async (tx) => {
      const created = await insertApiKey(tx, {
        id: newId('key'),
        hash,
        name,
        hint,
        scopes,
        createdBy: nameOf(caller),
        expiresAt,
        now,
      });
      tx.append('api_key.created', created.id, { keyId: created.id, scopes, expiresAt: created.expiresAt });
      return { ...created, key };
    });
  },

  listApiKeys: async (input) => toPage(await listApiKeys(kit.platform.database, input), input.limit, (key) => [key.id]),

  getCurrentApiKey: async (_input, { caller }) => ({
    id: caller.id,
    scopes: caller.kind === 'key' ? [...caller.scopes] : [],
  }),

  revokeApiKey: ({ keyId }, { errors, commit }) =>
    commit(async (tx) => {
      const revoked = await revokeApiKey(tx, keyId, kit.platform.now());
      if (!revoked) throw errors.KEY_NOT_FOUND(`There is no API key ${keyId}. List the keys to see which there are.`);
      if (revoked.first) tx.append('api_key.revoked', keyId, { keyId });
      return revoked.key;
    }),

  introspectApiKey: async ({ hash }, { errors }) => {
    const found = await findWorkingKey(kit.platform.database, hash);
    if (!found) throw errors.KEY_NOT_FOUND('No working API key has this hash: it is unknown, revoked or has run out.');
    return found;
  },
});
