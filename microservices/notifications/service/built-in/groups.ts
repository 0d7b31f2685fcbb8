import { frame, paragraph, type BuiltInTemplate } from './frame.ts';

const message = { purpose: 'transactional', confidential: false } as const;
const doneSample = {
  order: { number: 'FC-1007' },
  paid: { amount: 2190, currency: 'EUR' },
  givenBack: { amount: 200, currency: 'EUR' },
  link: 'https://shop.example.com/teams',
};
const reminderSample = {
  missing: 1,
  until: '2026-11-24T18:00:00.000Z',
  link: 'https://shop.example.com/teams/K7M2QWXR9TBD',
};
const staffSample = {
  team: { code: 'K7M2QWXR9TBD', members: 2, missing: 1 },
  until: '2026-11-24T18:00:00.000Z',
};

const bargainSample = {
  price: { amount: 7420, currency: 'EUR' },
  floorPrice: { amount: 5900, currency: 'EUR' },
  cutsLeft: 3,
  until: '2026-11-24T18:00:00.000Z',
  link: 'https://shop.example.com/bargains/K7M2QWXR9TBD',
};

/** Messages to the members of teams and to who bargains, and to staff about teams. */
export const groupTemplates: readonly BuiltInTemplate[] = [
  {
    ...message,
    template: 'team-completed',
    locale: 'en',
    title: 'Team completed',
    subject: 'Your team is complete: order {{ order.number }}',
    text: `Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\nyour team is complete, and your order {{ order.number }} is on its way. You paid {{ paid | money }}.\n{% if givenBack.amount > 0 %}\n{{ givenBack | money }} of what was held came back to you.\n{% endif %}\nThe next team begins here: {{ link }}\n\n{{ shop.name }}`,
    html: frame(
      'Your team is complete',
      `${paragraph('Your order <strong>{{ order.number }}</strong> is on its way. You paid <strong>{{ paid | money }}</strong>.')}{% if givenBack.amount > 0 %}${paragraph('<strong>{{ givenBack | money }}</strong> of what was held came back to you.')}{% endif %}${paragraph('<a href="{{ link }}">The next team begins here.</a>')}`,
    ),
    sampleData: doneSample,
  },
  {
    ...message,
    template: 'team-completed',
    locale: 'de',
    title: 'Team vollständig',
    subject: 'Ihr Team ist vollständig: Bestellung {{ order.number }}',
    text: `Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},\n\nIhr Team ist vollständig, und Ihre Bestellung {{ order.number }} ist unterwegs. Sie haben {{ paid | money }} bezahlt.\n{% if givenBack.amount > 0 %}\n{{ givenBack | money }} des reservierten Betrags haben Sie zurück.\n{% endif %}\nDas nächste Team beginnt hier: {{ link }}\n\n{{ shop.name }}`,
    html: frame(
      'Ihr Team ist vollständig',
      `${paragraph('Ihre Bestellung <strong>{{ order.number }}</strong> ist unterwegs. Sie haben <strong>{{ paid | money }}</strong> bezahlt.')}{% if givenBack.amount > 0 %}${paragraph('<strong>{{ givenBack | money }}</strong> des reservierten Betrags haben Sie zurück.')}{% endif %}${paragraph('<a href="{{ link }}">Das nächste Team beginnt hier.</a>')}`,
    ),
    sampleData: doneSample,
  },
  {
    ...message,
    template: 'team-reminder',
    locale: 'en',
    title: 'Team about to expire',
    subject: '{{ missing }} missing: share your team',
    text: `Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\nyour team lacks {{ missing }} until {{ until }}. Share the link: {{ link }}\n\nIf nobody comes, you get everything back.\n\n{{ shop.name }}`,
    html: frame(
      'Your team is nearly there',
      `${paragraph('Your team lacks <strong>{{ missing }}</strong> until {{ until }}. <a href="{{ link }}">Share the link.</a>')}${paragraph('If nobody comes, you get everything back.')}`,
    ),
    sampleData: reminderSample,
  },
  {
    ...message,
    template: 'team-reminder',
    locale: 'de',
    title: 'Team läuft bald ab',
    subject: 'Es fehlt nur {{ missing }}: teilen Sie Ihr Team',
    text: `Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},\n\nIhrem Team fehlt bis {{ until }} noch {{ missing }}. Teilen Sie den Link: {{ link }}\n\nKommt niemand, bekommen Sie alles zurück.\n\n{{ shop.name }}`,
    html: frame(
      'Ihr Team ist fast vollständig',
      `${paragraph('Ihrem Team fehlt bis {{ until }} noch <strong>{{ missing }}</strong>. <a href="{{ link }}">Teilen Sie den Link.</a>')}${paragraph('Kommt niemand, bekommen Sie alles zurück.')}`,
    ),
    sampleData: reminderSample,
  },
  {
    ...message,
    template: 'staff-team-rescue',
    locale: 'en',
    title: 'For staff: a team needs one more',
    subject: 'Team {{ team.code }} lacks {{ team.missing }}',
    text: `Team {{ team.code }} has {{ team.members }} member{% if team.members != 1 %}s{% endif %} and lacks {{ team.missing }} until {{ until }}. Time was added and the members were reminded. Post its link where customers see it.`,
    html: frame(
      'A team needs one more',
      paragraph(
        'Team <strong>{{ team.code }}</strong> has {{ team.members }} member{% if team.members != 1 %}s{% endif %} and lacks {{ team.missing }} until {{ until }}. Time was added and the members were reminded. Post its link where customers see it.',
      ),
    ),
    sampleData: staffSample,
  },
  {
    ...message,
    template: 'staff-team-rescue',
    locale: 'de',
    title: 'Für das Team: einer Gruppe fehlt jemand',
    subject: 'Team {{ team.code }} fehlt {{ team.missing }}',
    text: `Team {{ team.code }} hat {{ team.members }} Mitglied{% if team.members != 1 %}er{% endif %}, und bis {{ until }} fehlt noch {{ team.missing }}. Zeit wurde zugegeben, die Mitglieder wurden erinnert. Bitte den Link dort teilen, wo Kunden ihn sehen.`,
    html: frame(
      'Einer Gruppe fehlt jemand',
      paragraph(
        'Team <strong>{{ team.code }}</strong> hat {{ team.members }} Mitglied{% if team.members != 1 %}er{% endif %}, und bis {{ until }} fehlt noch {{ team.missing }}. Zeit wurde zugegeben, die Mitglieder wurden erinnert. Bitte den Link dort teilen, wo Kunden ihn sehen.',
      ),
    ),
    sampleData: staffSample,
  },
  {
    ...message,
    template: 'bargain-reminder',
    locale: 'en',
    title: 'Bargain about to expire',
    subject: 'Your bargain ends soon: {{ price | money }}',
    text: `Hello{% if customer.name %} {{ customer.name }}{% endif %},\n\nyour bargain stands at {{ price | money }} and ends at {{ until }}.\n{% if cutsLeft > 0 %}\n{{ cutsLeft }} friend{% if cutsLeft != 1 %}s{% endif %} can still cut it, down to {{ floorPrice | money }}. Share the link, or buy now: {{ link }}\n{% else %}\nThat is its lowest price. Buy it here: {{ link }}\n{% endif %}\n{{ shop.name }}`,
    html: frame(
      'Your bargain ends soon',
      `${paragraph('It stands at <strong>{{ price | money }}</strong> and ends at {{ until }}.')}{% if cutsLeft > 0 %}${paragraph('{{ cutsLeft }} friend{% if cutsLeft != 1 %}s{% endif %} can still cut it, down to <strong>{{ floorPrice | money }}</strong>. <a href="{{ link }}">Share the link, or buy now.</a>')}{% else %}${paragraph('That is its lowest price. <a href="{{ link }}">Buy it here.</a>')}{% endif %}`,
    ),
    sampleData: bargainSample,
  },
  {
    ...message,
    template: 'bargain-reminder',
    locale: 'de',
    title: 'Preisaktion läuft bald ab',
    subject: 'Ihre Preisaktion endet bald: {{ price | money }}',
    text: `Guten Tag{% if customer.name %} {{ customer.name }}{% endif %},\n\nIhr Preis ist bei {{ price | money }} und gilt bis {{ until }}.\n{% if cutsLeft > 0 %}\n{{ cutsLeft }} Person{% if cutsLeft != 1 %}en{% endif %} können ihn noch bis auf {{ floorPrice | money }} senken. Teilen Sie den Link, oder kaufen Sie jetzt: {{ link }}\n{% else %}\nTiefer geht es nicht. Hier kaufen: {{ link }}\n{% endif %}\n{{ shop.name }}`,
    html: frame(
      'Ihre Preisaktion endet bald',
      `${paragraph('Ihr Preis ist bei <strong>{{ price | money }}</strong> und gilt bis {{ until }}.')}{% if cutsLeft > 0 %}${paragraph('{{ cutsLeft }} Person{% if cutsLeft != 1 %}en{% endif %} können ihn noch bis auf <strong>{{ floorPrice | money }}</strong> senken. <a href="{{ link }}">Teilen Sie den Link, oder kaufen Sie jetzt.</a>')}{% else %}${paragraph('Tiefer geht es nicht. <a href="{{ link }}">Hier kaufen.</a>')}{% endif %}`,
    ),
    sampleData: bargainSample,
  },
];
