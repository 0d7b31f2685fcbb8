import { createClient } from '../../microservices/chassis/client.ts';
import type { CommerceEvent } from '../../microservices/chassis/events/envelope.ts';
import { customersContract } from '../../microservices/customers/contract.ts';
import { notificationsContract } from '../../microservices/notifications/contract.ts';
import { ordersContract } from '../../microservices/orders/contract.ts';
import { demoCustomer, say, type Stage } from './demo-story.ts';

/** A customer who agreed to marketing leaves a filled cart; true when the journey reminded them of it. */
export const abandonCart = async (stage: Stage, customerId: string | undefined): Promise<boolean> => {
  const customer = await demoCustomer(stage, customerId);
  await createClient(customersContract, stage.api).setConsent({
    ...{ customerId: customer.id, purpose: 'marketing', channel: 'email', granted: true },
    source: 'npm run demo',
  });
  // At night a marketing message waits for the morning; the story's own customer has no night.
  if (customerId === undefined)
    await createClient(notificationsContract, stage.api).setPreferences({
      ...{ customerId: customer.id, timeZone: 'UTC', quietHours: null },
    });
  const orders = createClient(ordersContract, stage.api);
  const cart = await orders.createCart({
    ...{ currency: 'EUR', country: 'DE', customerId: customer.id },
    lines: [{ sku: 'POT-IRON', quantity: 1 }],
  });
  say(`${customer.id} leaves the cart ${cart.id}; it is reported at once, not after an hour …`);
  await orders.abandonCart({ cartId: cart.id });
  const sent = await stage.waitFor((event) => isReminderOf(event, cart.id));
  if (sent) console.log(`the reminder of cart ${cart.id} was sent; it is in /dev/inbox`);
  else
    console.log(
      `the cart ${cart.id} is abandoned, but no reminder was sent: does n8n run, or are these the customer's quiet hours (by default 21:00 to 08:00)?`,
    );
  return sent !== undefined;
};

const isReminderOf = ({ type, data }: CommerceEvent, cartId: string): boolean => {
  const { template, about } = data as { template?: string; about?: string | null };
  return type === 'notification.sent' && template === 'cart-reminder' && about === cartId;
};
