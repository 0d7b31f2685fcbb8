import { frame, paragraph, type BuiltInTemplate } from './frame.ts';

const late = { purpose: 'transactional', confidential: false } as const;
const lateSample = { order: { number: 'FC-1007' }, voucher: { amount: 500, currency: 'EUR' } };
const staffSample = { order: { number: 'FC-1007' }, promisedBy: '2026-11-24T18:00:00.000Z', reason: 'no voucher left' };
const gift = { purpose: 'marketing', confidential: false, template: 'anniversary' } as const;
const giftSample = { years: 1, voucher: { amount: 500, currency: 'EUR' } };

/** Messages to customers who had to wait, or who have been with the shop for long. */
export const careTemplates: readonly BuiltInTemplate[] = [
  {
    ...late,
    template: 'delivery-late',
    locale: 'en',
    title: 'Delivery late',
    subject: 'We are sorry: order {{ order.number }} is late',
    text: `Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\nyour order {{ order.number }} has not arrived when we promised. We are sorry, and we are looking for it.\n{% if voucher %}\nWe have put {{ voucher | money }} into your wallet.\n{% endif %}\n{{ shop.name }}`,
    html: frame(
      'Your order is late',
      `${paragraph('Your order <strong>{{ order.number }}</strong> has not arrived when we promised. We are sorry, and we are looking for it.')}{% if voucher %}${paragraph('We have put <strong>{{ voucher | money }}</strong> into your wallet.')}{% endif %}`,
    ),
    sampleData: lateSample,
  },
  {
    ...late,
    template: 'delivery-late',
    locale: 'de',
    title: 'Lieferung verspätet',
    subject: 'Es tut uns leid: Bestellung {{ order.number }} verspätet sich',
    text: `Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},\n\nIhre Bestellung {{ order.number }} ist nicht wie versprochen angekommen. Das tut uns leid, und wir gehen dem nach.\n{% if voucher %}\nWir haben Ihrem Guthaben {{ voucher | money }} gutgeschrieben.\n{% endif %}\n{{ shop.name }}`,
    html: frame(
      'Ihre Bestellung verspätet sich',
      `${paragraph('Ihre Bestellung <strong>{{ order.number }}</strong> ist nicht wie versprochen angekommen. Das tut uns leid, und wir gehen dem nach.')}{% if voucher %}${paragraph('Wir haben Ihrem Guthaben <strong>{{ voucher | money }}</strong> gutgeschrieben.')}{% endif %}`,
    ),
    sampleData: lateSample,
  },
  {
    ...late,
    template: 'staff-delivery-late',
    locale: 'en',
    title: 'For staff: a good customer waits for a parcel',
    subject: 'Please look after order {{ order.number }}: it is late',
    text: `Order {{ order.number }} was promised by {{ promisedBy }} and has not arrived. The customer got no voucher this time: {{ reason }}.`,
    html: frame(
      'A good customer waits',
      paragraph(
        'Order <strong>{{ order.number }}</strong> was promised by {{ promisedBy }} and has not arrived. The customer got no voucher this time: {{ reason }}.',
      ),
    ),
    sampleData: staffSample,
  },
  {
    ...late,
    template: 'staff-delivery-late',
    locale: 'de',
    title: 'Für das Team: ein guter Kunde wartet auf ein Paket',
    subject: 'Bitte kümmern: Bestellung {{ order.number }} ist verspätet',
    text: `Die Bestellung {{ order.number }} war bis {{ promisedBy }} versprochen und ist nicht angekommen. Diesmal gab es keinen Gutschein: {{ reason }}.`,
    html: frame(
      'Ein guter Kunde wartet',
      paragraph(
        'Die Bestellung <strong>{{ order.number }}</strong> war bis {{ promisedBy }} versprochen und ist nicht angekommen. Diesmal gab es keinen Gutschein: {{ reason }}.',
      ),
    ),
    sampleData: staffSample,
  },
  {
    ...gift,
    locale: 'en',
    title: 'Anniversary',
    subject: '{{ years }} {% if years == 1 %}year{% else %}years{% endif %} with us: thank you',
    text: `Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\ntoday {{ years }} {% if years == 1 %}year{% else %}years{% endif %} ago you joined us. Thank you! We have put {{ voucher | money }} into your wallet.\n\n{{ shop.name }}`,
    html: frame(
      'Thank you',
      paragraph(
        'Today {{ years }} {% if years == 1 %}year{% else %}years{% endif %} ago you joined us. We have put <strong>{{ voucher | money }}</strong> into your wallet.',
      ),
    ),
    sampleData: giftSample,
  },
  {
    ...gift,
    locale: 'de',
    title: 'Jahrestag',
    subject: '{{ years }} {% if years == 1 %}Jahr{% else %}Jahre{% endif %} bei uns: danke',
    text: `Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},\n\nheute vor {{ years }} {% if years == 1 %}Jahr{% else %}Jahren{% endif %} sind Sie zu uns gekommen. Danke! Wir haben Ihrem Guthaben {{ voucher | money }} gutgeschrieben.\n\n{{ shop.name }}`,
    html: frame(
      'Danke',
      paragraph(
        'Heute vor {{ years }} {% if years == 1 %}Jahr{% else %}Jahren{% endif %} sind Sie zu uns gekommen. Wir haben Ihrem Guthaben <strong>{{ voucher | money }}</strong> gutgeschrieben.',
      ),
    ),
    sampleData: giftSample,
  },
];
