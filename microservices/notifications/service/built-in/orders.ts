import { frame, orderLines, paragraph, type BuiltInTemplate } from './frame.ts';

const lines = [
  { title: 'Paper lantern', quantity: 2, total: { amount: 2_400, currency: 'EUR' } },
  { title: 'Candle', quantity: 1, total: { amount: 350, currency: 'EUR' } },
];
const order = { number: 'FC-1007', total: { amount: 2_750, currency: 'EUR' }, lines };
const shipment = { carrier: 'DHL', trackingNumber: '00340434161094021501' };
const refund = { amount: { amount: 1_200, currency: 'EUR' }, reason: 'one lantern was torn' };

const transactional = { purpose: 'transactional', confidential: false } as const;
const LINES_AS_TEXT =
  '{% for line in order.lines %}{{ line.quantity }} × {{ line.title }}{% if line.total %}  {{ line.total | money }}{% endif %}\n{% endfor %}';

/** Messages of a shop about an order. Amounts are Money, or text that is shown as it is. */
export const orderTemplates: readonly BuiltInTemplate[] = [
  {
    ...transactional,
    template: 'order-confirmation',
    locale: 'en',
    title: 'Order confirmation',
    subject: 'Your order {{ order.number }} is confirmed',
    text: `Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\nthank you for your order {{ order.number }}. It is confirmed, and we are getting it ready.\n\n${LINES_AS_TEXT}\nTotal: {{ order.total | money }}\n\n{{ shop.name }}`,
    html: frame(
      'Thank you for your order',
      `${paragraph('Your order <strong>{{ order.number }}</strong> is confirmed, and we are getting it ready.')}${orderLines()}${paragraph('Total: <strong>{{ order.total | money }}</strong>')}`,
    ),
    sampleData: { order },
  },
  {
    ...transactional,
    template: 'order-confirmation',
    locale: 'de',
    title: 'Bestellbestätigung',
    subject: 'Ihre Bestellung {{ order.number }} ist bestätigt',
    text: `Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},\n\nvielen Dank für Ihre Bestellung {{ order.number }}. Sie ist bestätigt, und wir bereiten sie vor.\n\n${LINES_AS_TEXT}\nSumme: {{ order.total | money }}\n\n{{ shop.name }}`,
    html: frame(
      'Vielen Dank für Ihre Bestellung',
      `${paragraph('Ihre Bestellung <strong>{{ order.number }}</strong> ist bestätigt, und wir bereiten sie vor.')}${orderLines()}${paragraph('Summe: <strong>{{ order.total | money }}</strong>')}`,
    ),
    sampleData: { order },
  },
  {
    ...transactional,
    template: 'order-cancelled',
    locale: 'en',
    title: 'Order cancelled',
    subject: 'Your order {{ order.number }} was cancelled',
    text: 'Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\nyour order {{ order.number }} was cancelled{% if reason %}: {{ reason }}{% endif %}.\nNothing is charged; what was reserved is free again.\n\n{{ shop.name }}',
    html: frame(
      'Your order was cancelled',
      `${paragraph('Your order <strong>{{ order.number }}</strong> was cancelled{% if reason %}: {{ reason }}{% endif %}.')}${paragraph('Nothing is charged; what was reserved is free again.')}`,
    ),
    sampleData: { order, reason: 'out of stock' },
  },
  {
    ...transactional,
    template: 'order-cancelled',
    locale: 'de',
    title: 'Bestellung storniert',
    subject: 'Ihre Bestellung {{ order.number }} wurde storniert',
    text: 'Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},\n\nIhre Bestellung {{ order.number }} wurde storniert{% if reason %}: {{ reason }}{% endif %}.\nEs wird nichts berechnet; was vorgemerkt war, ist wieder frei.\n\n{{ shop.name }}',
    html: frame(
      'Ihre Bestellung wurde storniert',
      `${paragraph('Ihre Bestellung <strong>{{ order.number }}</strong> wurde storniert{% if reason %}: {{ reason }}{% endif %}.')}${paragraph('Es wird nichts berechnet; was vorgemerkt war, ist wieder frei.')}`,
    ),
    sampleData: { order, reason: 'ausverkauft' },
  },
  {
    ...transactional,
    template: 'order-rejected',
    locale: 'en',
    title: 'Order rejected',
    subject: 'We cannot accept your order {{ order.number }}',
    text: 'Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\nwe are sorry: we cannot accept your order {{ order.number }}.\nNothing is charged; what was reserved is free again. If you think this is a mistake, answer this message.\n\n{{ shop.name }}',
    html: frame(
      'We cannot accept your order',
      `${paragraph('We are sorry: we cannot accept your order <strong>{{ order.number }}</strong>.')}${paragraph('Nothing is charged; what was reserved is free again. If you think this is a mistake, answer this message.')}`,
    ),
    sampleData: { order },
  },
  {
    ...transactional,
    template: 'order-rejected',
    locale: 'de',
    title: 'Bestellung abgelehnt',
    subject: 'Wir können Ihre Bestellung {{ order.number }} nicht annehmen',
    text: 'Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},\n\nleider können wir Ihre Bestellung {{ order.number }} nicht annehmen.\nEs wird nichts berechnet; was vorgemerkt war, ist wieder frei. Falls Sie das für einen Irrtum halten, antworten Sie auf diese Nachricht.\n\n{{ shop.name }}',
    html: frame(
      'Wir können Ihre Bestellung nicht annehmen',
      `${paragraph('Leider können wir Ihre Bestellung <strong>{{ order.number }}</strong> nicht annehmen.')}${paragraph('Es wird nichts berechnet; was vorgemerkt war, ist wieder frei. Falls Sie das für einen Irrtum halten, antworten Sie auf diese Nachricht.')}`,
    ),
    sampleData: { order },
  },
  {
    ...transactional,
    template: 'order-shipped',
    locale: 'en',
    title: 'Order shipped',
    subject: 'Your order {{ order.number }} is on its way',
    text: 'Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\nyour order {{ order.number }} is on its way{% if shipment.carrier %} with {{ shipment.carrier }}{% endif %}.\n{% if shipment.trackingNumber %}Tracking number: {{ shipment.trackingNumber }}\n{% endif %}\n{{ shop.name }}',
    html: frame(
      'It is on its way',
      `${paragraph('Your order <strong>{{ order.number }}</strong> is on its way{% if shipment.carrier %} with {{ shipment.carrier }}{% endif %}.')}{% if shipment.trackingNumber %}${paragraph('Tracking number: <strong>{{ shipment.trackingNumber }}</strong>')}{% endif %}`,
    ),
    sampleData: { order, shipment },
  },
  {
    ...transactional,
    template: 'order-shipped',
    locale: 'de',
    title: 'Bestellung versandt',
    subject: 'Ihre Bestellung {{ order.number }} ist unterwegs',
    text: 'Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},\n\nIhre Bestellung {{ order.number }} ist unterwegs{% if shipment.carrier %} mit {{ shipment.carrier }}{% endif %}.\n{% if shipment.trackingNumber %}Sendungsnummer: {{ shipment.trackingNumber }}\n{% endif %}\n{{ shop.name }}',
    html: frame(
      'Sie ist unterwegs',
      `${paragraph('Ihre Bestellung <strong>{{ order.number }}</strong> ist unterwegs{% if shipment.carrier %} mit {{ shipment.carrier }}{% endif %}.')}{% if shipment.trackingNumber %}${paragraph('Sendungsnummer: <strong>{{ shipment.trackingNumber }}</strong>')}{% endif %}`,
    ),
    sampleData: { order, shipment },
  },
  {
    ...transactional,
    template: 'refund-issued',
    locale: 'en',
    title: 'Refund',
    subject: 'We refund {{ refund.amount | money }} for order {{ order.number }}',
    text: 'Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\nwe refund {{ refund.amount | money }} for your order {{ order.number }}{% if refund.reason %} ({{ refund.reason }}){% endif %}. It goes back the way you paid.\n\n{{ shop.name }}',
    html: frame(
      'Your refund',
      paragraph(
        'We refund <strong>{{ refund.amount | money }}</strong> for your order {{ order.number }}{% if refund.reason %} ({{ refund.reason }}){% endif %}. It goes back the way you paid.',
      ),
    ),
    sampleData: { order, refund },
  },
  {
    ...transactional,
    template: 'refund-issued',
    locale: 'de',
    title: 'Erstattung',
    subject: 'Wir erstatten {{ refund.amount | money }} zur Bestellung {{ order.number }}',
    text: 'Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},\n\nwir erstatten {{ refund.amount | money }} zu Ihrer Bestellung {{ order.number }}{% if refund.reason %} ({{ refund.reason }}){% endif %}. Der Betrag geht auf dem Weg zurück, auf dem Sie bezahlt haben.\n\n{{ shop.name }}',
    html: frame(
      'Ihre Erstattung',
      paragraph(
        'Wir erstatten <strong>{{ refund.amount | money }}</strong> zu Ihrer Bestellung {{ order.number }}{% if refund.reason %} ({{ refund.reason }}){% endif %}. Der Betrag geht auf dem Weg zurück, auf dem Sie bezahlt haben.',
      ),
    ),
    sampleData: { order, refund },
  },
];
