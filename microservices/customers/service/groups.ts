import { toPage } from '../../chassis/cursor.ts';
import { command, startOver } from '../../chassis/http/command.ts';
import { requireVersion } from '../../chassis/require-version.ts';
import type { Context, Handlers } from '../context.ts';
import { deleteGroup, listGroups, lockGroup, lockGroupVersion, saveGroup } from '../store/groups.ts';

type Names = 'listGroups' | 'saveGroup' | 'deleteGroup';

export const groupHandlers = (context: Context): Pick<Handlers, Names> => ({
  listGroups: async (input) => toPage(await listGroups(context.database, input), input.limit, (group) => [group.code]),

  saveGroup: command(async (tx, { code, expectedVersion, title, description = null }, { errors }) => {
    const version = await lockGroupVersion(tx, code);
    requireVersion({ name: `The group ${code}`, version }, expectedVersion, errors.VERSION_CONFLICT);
    const saved = await saveGroup(tx, { code, title, description, version: (version ?? 0) + 1, now: context.now() });
    if (!saved) throw startOver(undefined);
    tx.append('customer_group.saved', code, { code });
    return saved;
  }),

  deleteGroup: command(async (tx, { code }, { errors }) => {
    const customers = await lockGroup(tx, code);
    if (customers === undefined) throw errors.GROUP_NOT_FOUND(noGroup(code));
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

export const noGroup = (code: string): string =>
  `There is no customer group ${code}. Create it first, or choose one from the list of groups.`;
