import { frame, paragraph, type BuiltInTemplate } from './frame.ts';

const marketing = { purpose: 'marketing', confidential: false, template: 'cart-reminder' } as const;
const sampleData = { cart: { lines: [{ title: 'Paper lantern', quantity: 2 }] }, coupon: 'WELCOME10' };
const LINES = '{% for line in cart.lines %}{{ line.quantity }} × {{ line.title }}\n{% endfor %}';
const LINES_AS_HTML =
  '<ul>{% for line in cart.lines %}<li style="line-height:1.6">{{ line.quantity }} × {{ line.title }}</li>{% endfor %}</ul>';

/** A reminder of a cart that was left; marketing, so it needs consent. */
export const cartTemplates: readonly BuiltInTemplate[] = [
  {
    ...marketing,
    locale: 'en',
    title: 'Cart reminder',
    subject: 'Your cart is still here',
    text: `Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\nyou left something in your cart:\n\n${LINES}{% if coupon %}\nWith the code {{ coupon }} you pay less.\n{% endif %}\n{{ shop.name }}`,
    html: frame(
      'Your cart is still here',
      `${paragraph('You left something in your cart:')}${LINES_AS_HTML}{% if coupon %}${paragraph('With the code <strong>{{ coupon }}</strong> you pay less.')}{% endif %}`,
    ),
    sampleData,
  },
  {
    ...marketing,
    locale: 'de',
    title: 'Erinnerung an den Warenkorb',
    subject: 'Ihr Warenkorb wartet noch',
    text: `Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},\n\nin Ihrem Warenkorb liegt noch etwas:\n\n${LINES}{% if coupon %}\nMit dem Code {{ coupon }} zahlen Sie weniger.\n{% endif %}\n{{ shop.name }}`,
    html: frame(
      'Ihr Warenkorb wartet noch',
      `${paragraph('In Ihrem Warenkorb liegt noch etwas:')}${LINES_AS_HTML}{% if coupon %}${paragraph('Mit dem Code <strong>{{ coupon }}</strong> zahlen Sie weniger.')}{% endif %}`,
    ),
    sampleData,
  },
];
