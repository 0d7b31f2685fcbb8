import type { Queryable } from '../../../chassis/database/index.ts';
import { seedTemplate } from '../../store/templates.ts';
import { accountTemplates } from './accounts.ts';
import { careTemplates } from './care.ts';
import { groupTemplates } from './groups.ts';
import { cartTemplates } from './carts.ts';
import { orderTemplates } from './orders.ts';
import { staffTemplates } from './staff.ts';

export const builtInTemplates = [
  ...orderTemplates,
  ...cartTemplates,
  ...accountTemplates,
  ...careTemplates,
  ...groupTemplates,
  ...staffTemplates,
];

/** Puts the built-in templates in place; those that somebody changed stay as they are. */
export const seedTemplates = async (database: Queryable, at: Date): Promise<void> => {
  for (const { text, sampleData, ...template } of builtInTemplates) {
    await seedTemplate(database, { ...template, body: text, sample_data: sampleData, at });
  }
};
