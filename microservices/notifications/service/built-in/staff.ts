import { frame, paragraph, type BuiltInTemplate } from './frame.ts';

const transactional = { purpose: 'transactional', confidential: false } as const;
const review = {
  order: { number: 'FC-1007', total: { amount: 2_750, currency: 'EUR' } },
  score: '42 %',
  reasons: [{ title: 'First order of a new account' }],
  url: 'https://n8n.example/form-waiting/1',
  deadline: '2026-11-24 10:00 UTC',
};
const lowStock = { sku: 'MUG-BLUE', available: 3, threshold: 10, incoming: 0, elsewhere: [] };
const goodsBack = {
  order: { number: 'FC-1007' },
  amount: { amount: 1_200, currency: 'EUR' },
  lines: [{ sku: 'MUG-BLUE', quantity: 1 }],
  url: 'https://n8n.example/form-waiting/1',
};
const failure = {
  journey: 'Order to confirmation',
  node: 'Reserve Stock',
  error: 'The service could not be asked.',
  url: 'https://n8n.example/workflow/1/executions/7',
};
const buried = {
  consumer: 'Workflow order-to-confirmation',
  count: 2,
  letters: [
    {
      id: 'dle_1',
      event: 'order.confirmed, number FC-1007',
      node: 'Reserve Stock',
      error: 'The service could not be asked.',
    },
    {
      id: 'dle_2',
      event: 'order.confirmed, number FC-1008',
      node: 'Reserve Stock',
      error: 'The service could not be asked.',
    },
  ],
};
const LETTERS =
  '{% for letter in letters %}- {{ letter.event }}{% if letter.node %} at “{{ letter.node }}”{% endif %}: {{ letter.error }} ({{ letter.id }})\n{% endfor %}';
const LETTERS_AS_HTML =
  '<ul>{% for letter in letters %}<li style="line-height:1.6"><strong>{{ letter.event }}</strong>{% if letter.node %} at “{{ letter.node }}”{% endif %}: {{ letter.error }}<br><small>{{ letter.id }}</small></li>{% endfor %}</ul>';
const REASONS = '{% for reason in reasons %}- {{ reason.title }}\n{% endfor %}';
const REASONS_AS_HTML =
  '<ul>{% for reason in reasons %}<li style="line-height:1.6">{{ reason.title }}</li>{% endfor %}</ul>';
const LEVELS = '{% for level in elsewhere %}- {{ level.location }}: {{ level.available }}\n{% endfor %}';
const LEVELS_AS_HTML =
  '<ul>{% for level in elsewhere %}<li style="line-height:1.6">{{ level.location }}: {{ level.available }}</li>{% endfor %}</ul>';
const LINES = '{% for line in lines %}- {{ line.quantity }} × {{ line.sku }}\n{% endfor %}';
const LINES_AS_HTML =
  '<ul>{% for line in lines %}<li style="line-height:1.6">{{ line.quantity }} × {{ line.sku }}</li>{% endfor %}</ul>';

const link = (words: string): string =>
  `<p style="margin:1.5rem 0"><a href="{{ url }}" style="background:#1d2129;color:#ffffff;padding:.7rem 1.2rem;border-radius:.4rem;text-decoration:none">${words}</a></p>`;

/** Messages of journeys to the people who run the shop. */
export const staffTemplates: readonly BuiltInTemplate[] = [
  {
    ...transactional,
    template: 'staff-order-review',
    locale: 'en',
    title: 'For staff: an order needs a decision',
    subject: 'Please decide: order {{ order.number }}, {{ order.total | money }}',
    text: `Order {{ order.number }} over {{ order.total | money }} waits for a decision.\n\nRisk: {{ score }}\n${REASONS}\nDecide here: {{ url }}\n\nIf nobody decides until {{ deadline }}, the order is rejected.`,
    html: frame(
      'An order needs a decision',
      `${paragraph('Order <strong>{{ order.number }}</strong> over <strong>{{ order.total | money }}</strong>. Risk: {{ score }}.')}${REASONS_AS_HTML}${link('Decide')}${paragraph('If nobody decides until {{ deadline }}, the order is rejected.')}`,
    ),
    sampleData: review,
  },
  {
    ...transactional,
    template: 'staff-order-review',
    locale: 'de',
    title: 'Für das Team: eine Bestellung braucht eine Entscheidung',
    subject: 'Bitte entscheiden: Bestellung {{ order.number }}, {{ order.total | money }}',
    text: `Die Bestellung {{ order.number }} über {{ order.total | money }} wartet auf eine Entscheidung.\n\nRisiko: {{ score }}\n${REASONS}\nHier entscheiden: {{ url }}\n\nEntscheidet bis {{ deadline }} niemand, wird sie abgelehnt.`,
    html: frame(
      'Eine Bestellung braucht eine Entscheidung',
      `${paragraph('Bestellung <strong>{{ order.number }}</strong> über <strong>{{ order.total | money }}</strong>. Risiko: {{ score }}.')}${REASONS_AS_HTML}${link('Entscheiden')}${paragraph('Entscheidet bis {{ deadline }} niemand, wird sie abgelehnt.')}`,
    ),
    sampleData: review,
  },
  {
    ...transactional,
    template: 'staff-low-stock',
    locale: 'en',
    title: 'For staff: stock runs low',
    subject: 'Stock runs low: {{ sku }}, {{ available }} left',
    text: `Of {{ sku }} only {{ available }} are left; its threshold is {{ threshold }}.\n{% if incoming > 0 %}{{ incoming }} are on their way.{% else %}Nothing is on its way: please reorder.{% endif %}\n${LEVELS}`,
    html: frame(
      'Stock runs low',
      `${paragraph('Of <strong>{{ sku }}</strong> only <strong>{{ available }}</strong> are left; its threshold is {{ threshold }}.')}${paragraph('{% if incoming > 0 %}{{ incoming }} are on their way.{% else %}Nothing is on its way: please reorder.{% endif %}')}${LEVELS_AS_HTML}`,
    ),
    sampleData: lowStock,
  },
  {
    ...transactional,
    template: 'staff-low-stock',
    locale: 'de',
    title: 'Für das Team: der Bestand wird knapp',
    subject: 'Bestand wird knapp: {{ sku }}, noch {{ available }}',
    text: `Von {{ sku }} sind nur noch {{ available }} da; die Schwelle ist {{ threshold }}.\n{% if incoming > 0 %}{{ incoming }} sind unterwegs.{% else %}Nichts ist unterwegs: bitte nachbestellen.{% endif %}\n${LEVELS}`,
    html: frame(
      'Der Bestand wird knapp',
      `${paragraph('Von <strong>{{ sku }}</strong> sind nur noch <strong>{{ available }}</strong> da; die Schwelle ist {{ threshold }}.')}${paragraph('{% if incoming > 0 %}{{ incoming }} sind unterwegs.{% else %}Nichts ist unterwegs: bitte nachbestellen.{% endif %}')}${LEVELS_AS_HTML}`,
    ),
    sampleData: lowStock,
  },
  {
    ...transactional,
    template: 'staff-goods-back',
    locale: 'en',
    title: 'For staff: did the goods come back?',
    subject: 'Did the goods of order {{ order.number }} come back?',
    text: `Order {{ order.number }} was refunded: {{ amount | money }}.\n${LINES}\nSay here whether they can be sold again: {{ url }}`,
    html: frame(
      'Did the goods come back?',
      `${paragraph('Order <strong>{{ order.number }}</strong> was refunded: {{ amount | money }}.')}${LINES_AS_HTML}${link('Answer')}`,
    ),
    sampleData: goodsBack,
  },
  {
    ...transactional,
    template: 'staff-goods-back',
    locale: 'de',
    title: 'Für das Team: ist die Ware zurück?',
    subject: 'Ist die Ware der Bestellung {{ order.number }} zurück?',
    text: `Die Bestellung {{ order.number }} wurde erstattet: {{ amount | money }}.\n${LINES}\nOb sie wieder verkauft werden kann, hier sagen: {{ url }}`,
    html: frame(
      'Ist die Ware zurück?',
      `${paragraph('Die Bestellung <strong>{{ order.number }}</strong> wurde erstattet: {{ amount | money }}.')}${LINES_AS_HTML}${link('Antworten')}`,
    ),
    sampleData: goodsBack,
  },
  {
    ...transactional,
    template: 'staff-journey-failed',
    locale: 'en',
    title: 'For staff: a journey failed',
    subject: 'A journey failed: {{ journey }}',
    text: '{{ journey }} failed at “{{ node }}”: {{ error }}{% if url %}\n\nLook here: {{ url }}{% endif %}\n\nThe event that started it is tried again; after the last try it waits in the dead letters.',
    html: frame(
      'A journey failed',
      `${paragraph('<strong>{{ journey }}</strong> failed at “{{ node }}”: {{ error }}')}{% if url %}${link('Look at it')}{% endif %}${paragraph('The event that started it is tried again; after the last try it waits in the dead letters.')}`,
    ),
    sampleData: failure,
  },
  {
    ...transactional,
    template: 'staff-journey-failed',
    locale: 'de',
    title: 'Für das Team: eine Journey ist fehlgeschlagen',
    subject: 'Eine Journey ist fehlgeschlagen: {{ journey }}',
    text: '{{ journey }} ist bei „{{ node }}“ fehlgeschlagen: {{ error }}{% if url %}\n\nHier ansehen: {{ url }}{% endif %}\n\nDas Ereignis wird noch einmal versucht; nach dem letzten Versuch wartet es bei den unzustellbaren Nachrichten.',
    html: frame(
      'Eine Journey ist fehlgeschlagen',
      `${paragraph('<strong>{{ journey }}</strong> ist bei „{{ node }}“ fehlgeschlagen: {{ error }}')}{% if url %}${link('Ansehen')}{% endif %}${paragraph('Das Ereignis wird noch einmal versucht; nach dem letzten Versuch wartet es bei den unzustellbaren Nachrichten.')}`,
    ),
    sampleData: failure,
  },
  {
    ...transactional,
    template: 'staff-event-buried',
    locale: 'en',
    title: 'For staff: events wait in the dead letters',
    subject: 'Not handled: {{ letters[0].event }}{% if count > 1 %} and {{ count | minus: 1 }} more{% endif %}',
    text: `{{ consumer }} could not handle {% if count == 1 %}an event{% else %}{{ count }} events{% endif %}:\n${LETTERS}\nNothing is lost. Mend the cause, then replay or discard them: in n8n with FusionCommerce Event → Dead Letter, or on the platform's page /dead-letters.`,
    html: frame(
      'Events wait in the dead letters',
      `${paragraph('<strong>{{ consumer }}</strong> could not handle {% if count == 1 %}an event{% else %}{{ count }} events{% endif %}:')}${LETTERS_AS_HTML}${paragraph('Nothing is lost. Mend the cause, then replay or discard them: in n8n with FusionCommerce Event → Dead Letter, or on the platform’s page /dead-letters.')}`,
    ),
    sampleData: buried,
  },
  {
    ...transactional,
    template: 'staff-event-buried',
    locale: 'de',
    title: 'Für das Team: Ereignisse warten bei den unzustellbaren',
    subject:
      'Nicht verarbeitet: {{ letters[0].event }}{% if count > 1 %} und {{ count | minus: 1 }} weitere{% endif %}',
    text: `{{ consumer }} konnte {% if count == 1 %}ein Ereignis{% else %}{{ count }} Ereignisse{% endif %} nicht verarbeiten:\n${LETTERS}\nNichts ist verloren. Die Ursache beheben, dann noch einmal zustellen oder verwerfen: in n8n mit FusionCommerce Event → Dead Letter, oder auf der Seite /dead-letters der Plattform.`,
    html: frame(
      'Ereignisse warten bei den unzustellbaren',
      `${paragraph('<strong>{{ consumer }}</strong> konnte {% if count == 1 %}ein Ereignis{% else %}{{ count }} Ereignisse{% endif %} nicht verarbeiten:')}${LETTERS_AS_HTML}${paragraph('Nichts ist verloren. Die Ursache beheben, dann noch einmal zustellen oder verwerfen: in n8n mit FusionCommerce Event → Dead Letter, oder auf der Seite /dead-letters der Plattform.')}`,
    ),
    sampleData: buried,
  },
];
