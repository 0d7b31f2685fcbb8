import { variablesOf } from './variables.ts';

const words = (text: string) => ({ subject: 'Hello {{ customer.name }} of {{ shop.name }}', text, html: null });

test('a template asks for what it names itself, deepest paths only, lists and amounts as a whole', () => {
  const text =
    '{{ order.number }}{% for line in order.lines %}{{ line.title }}{% endfor %}{{ order.lines.size }}{{ order.lines[0].sku }}' +
    '{% if gift %}{{ gift.from }}{% endif %}{{ total | money }}{% assign x = 3 %}{{ x }}{{ order.number }}{{ locale }}';
  const sample = { order: { number: 'FC-1', lines: [{ title: 'Lamp' }] }, total: { amount: 5, currency: 'EUR' } };
  expect(variablesOf(words(text), sample)).toEqual([
    { name: 'order.number', example: 'FC-1' },
    { name: 'order.lines', example: [{ title: 'Lamp' }] },
    { name: 'gift.from', example: null },
    { name: 'total', example: { amount: 5, currency: 'EUR' } },
  ]);
});

test('names that objects have by themselves are no values of the sample', () => {
  expect(variablesOf(words('{{ constructor.name }}'), {})).toEqual([{ name: 'constructor.name', example: null }]);
});
