import { command } from '../../chassis/http/command.ts';
import type { Context, Handlers } from '../context.ts';
import { replaceTags, saveCustomer, toCustomer } from '../store/customers.ts';
import { keepGroup } from '../store/groups.ts';
import { noGroup } from './groups.ts';
import { lockForChange } from './guards.ts';
import { savedWithEvent } from './profile.ts';
import { orTaken, phoneTakenBy } from './taken.ts';

type Names = 'setGroup' | 'setTags' | 'confirmPhone';

export const classifyHandlers = (context: Context): Pick<Handlers, Names> => ({
  setGroup: command(async (tx, { customerId, group }, { caller, errors }) => {
    const row = await lockForChange(context, tx, caller, customerId, errors);
    if (group !== null && !(await keepGroup(tx, group))) throw errors.GROUP_NOT_FOUND(noGroup(group));
    return savedWithEvent(context, tx, row, { ...row, group });
  }),

  setTags: command(async (tx, { customerId, tags }, { caller, errors }) => {
    const row = await lockForChange(context, tx, caller, customerId, errors);
    await replaceTags(tx, customerId, tags);
    return savedWithEvent(context, tx, row, { ...row, tags: [...new Set(tags)].toSorted() });
  }),

  confirmPhone: command(async (tx, { customerId, phone }, { caller, errors }) => {
    const row = await lockForChange(context, tx, caller, customerId, errors);
    if (row.phone !== phone)
      throw errors.PHONE_CHANGED(
        `The customer ${customerId} does not have the number ${phone} now. Ask again for the number.`,
      );
    if (row.phoneVerified) return toCustomer(row);
    const customer = await saveCustomer(tx, { ...row, phoneVerified: true }, context.now()).catch(
      orTaken({ phone: () => errors.PHONE_TAKEN(phoneTakenBy(phone)) }),
    );
    tx.append('customer.verified', customerId, { customerId, contact: 'phone' });
    return toCustomer(customer);
  }),
});
