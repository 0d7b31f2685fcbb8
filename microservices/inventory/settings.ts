import { z } from 'zod';

const schema = z.object({
  INVENTORY_EXPIRY_INTERVAL_MS: z.coerce
    .number()
    .int()
    .min(50)
    .max(60_000)
    .default(2_000)
    .describe('how often reservations whose time is up are given back, in milliseconds (50 to 60000)'),
});

export interface InventorySettings {
  expiryIntervalMs: number;
}

/** Reads the domain's settings. Throws naming the variable, what it holds and what it should hold. */
export const readSettings = (environment: Record<string, string | undefined>): InventorySettings => {
  const read = schema.safeParse(environment);
  if (read.success) return { expiryIntervalMs: read.data.INVENTORY_EXPIRY_INTERVAL_MS };
  const wrong = read.error.issues.map(({ path }) => {
    const name = String(path[0]) as keyof typeof schema.shape;
    return `${name} holds "${environment[name] ?? ''}", but should say ${schema.shape[name].description}`;
  });
  throw new Error(`${wrong.join('; ')}.`);
};
