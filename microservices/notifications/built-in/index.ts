import type { Queryable } from '../../chassis/database/index.ts';
import { seedTemplate } from '../store/templates.ts';
import { accountTemplates } from './accounts.ts';
import { orderTemplates } from './orders.ts';

export const builtInTemplates = [...orderTemplates, ...accountTemplates];

/** Puts the built-in templates in place; those that somebody changed stay as they are. */
export const seedTemplates = async (database: Queryable, at: Date): Promise<void> => {
  for (const { text, sampleData, ...template } of builtInTemplates) {
    await seedTemplate(database, { ...template, body: text, sample_data: sampleData, at });
  }
};
