import { toPage } from '../../chassis/cursor.ts';
import { deleteGroup, listGroups, lockGroup, saveGroup } from '../store/groups.ts';
import type { Kit, SomeHandlers } from '../types.ts';

export const groupHandlers = (kit: Kit): SomeHandlers<'listGroups' | 'saveGroup' | 'deleteGroup'> => ({
  listGroups: async (input) =>
    toPage(await listGroups(kit.platform.database, input), input.limit, (group) => [group.code]),

  saveGroup: ({ code, title, description = null }, { commit }) =>
    commit(async (tx) => {
      const saved = await saveGroup(tx, { code, title, description, now: kit.platform.now() });
      tx.append('customer_group.saved', code, { code });
      return saved;
    }),

  deleteGroup: ({ code }, { errors, commit }) =>
    commit(async (tx) => {
      const customers = await lockGroup(tx, code);
      if (customers === undefined) throw errors.GROUP_NOT_FOUND(`There is no customer group ${code}.`);
      if (customers > 0) {
        throw errors.GROUP_IN_USE(`The group ${code} has ${customers} customers. Put them into another group first.`, {
          customers,
        });
      }
      await deleteGroup(tx, code);
      tx.append('customer_group.deleted', code, { code });
      return { removed: true as const };
    }),
});
