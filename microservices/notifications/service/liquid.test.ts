import { describe, expect, test } from '@jest/globals';
import { builtInTemplates } from './built-in/index.ts';
import { notificationsContract } from '../contract.ts';
import { checkWords, writeWords } from './liquid.ts';

const words = (text: string, html: string | null = null) => ({ subject: 'Subject', text, html });
const scope = { locale: 'en', shop: { name: 'Shop', url: null }, customer: { name: null } };
const written = (text: string, values: object = {}) => {
  const result = writeWords(words(text), { ...scope, ...values });
  return result.ok ? result.words.text : result.fault.message;
};

describe('writing', () => {
  test('values are filled in', () => {
    expect(written('Hello {{ name }}', { name: 'Ada' })).toBe('Hello Ada');
  });

  test('a value that is missing is a fault with its place', () => {
    expect(writeWords(words('Hi\n{{ order.number }}'), { ...scope, order: {} })).toEqual({
      ok: false,
      fault: { part: 'text', message: expect.stringMatching(/undefined variable: order\.number.*line:2/) as unknown },
    });
  });

  test('in an if, and with a default, a value may be missing', () => {
    expect(written('{% if reason %}{{ reason }}{% else %}none{% endif %} {{ name | default: "you" }}')).toBe(
      'none you',
    );
  });

  test('HTML is escaped, text is not', () => {
    const result = writeWords(words('{{ name }}', '<p>{{ name }}</p>'), { ...scope, name: '<b>&"' });
    expect(result).toMatchObject({ ok: true, words: { text: '<b>&"', html: '<p>&lt;b&gt;&amp;&#34;</p>' } });
  });

  test.each([
    ['en', { amount: 123_456, currency: 'EUR' }, '€1,234.56'],
    ['de', { amount: 123_456, currency: 'EUR' }, '1.234,56\u00A0€'],
    ['en', { amount: 1_500, currency: 'JPY' }, '¥1,500'],
    ['en', { amount: -5, currency: 'KWD' }, '-KWD\u00A00.005'],
    ['de', '1234.5 EUR', '1.234,50\u00A0€'],
    ['en', 'EUR -0.05', '-€0.05'],
    ['en', { amount: '1999', currency: 'EUR' }, '€19.99'],
    ['en', '12,00 EUR', '12,00 EUR'],
    ['en', '12.00 ABC', '12.00 ABC'],
    ['en', '1.234 EUR', '1.234 EUR'],
    ['en', 'free', 'free'],
  ])('money in %s: %j is %s', (locale, total, expected) => {
    expect(written('{{ total | money }}', { locale, total })).toBe(expected);
  });

  test('a subject stays one line, whatever it is given', () => {
    const result = writeWords(
      { subject: 'Hi {{ name }}', text: 'x', html: null },
      { ...scope, name: 'Ada\r\nBcc: all@example.com' },
    );
    expect(result).toMatchObject({ ok: true, words: { subject: 'Hi Ada Bcc: all@example.com' } });
  });

  test('an empty subject is a fault', () => {
    expect(writeWords({ subject: '{{ name }}', text: 'x', html: null }, { ...scope, name: ' ' })).toMatchObject({
      ok: false,
      fault: { part: 'subject' },
    });
  });

  test.each([
    ['reads no file', '{% include "/etc/passwd" %}'],
    ['renders no file', '{% render "/etc/passwd" %}'],
    ['does not look behind values', '{{ name.constructor.name }}'],
    ['does not run for ever', '{% for a in (1..1000000) %}{% for b in (1..1000000) %}x{% endfor %}{% endfor %}'],
  ])('a template %s', (_what, text) => {
    expect(writeWords(words(text), { ...scope, name: 'Ada' })).toMatchObject({ ok: false });
  });
});

describe('checking', () => {
  test.each([
    ['{{ name', /not closed/],
    ['{% if a %}', /not closed/],
    ['{% nothing %}', /tag "nothing" not found/],
  ])('%s cannot be saved', (text, message) => {
    expect(checkWords(words(text))).toEqual({ part: 'text', message: expect.stringMatching(message) as unknown });
  });

  test('what is right passes, and which part is wrong is told', () => {
    expect(checkWords(words('{{ name }}', '<p>{{ name }}</p>'))).toBeUndefined();
    expect(checkWords(words('fine', '{{ broken'))?.part).toBe('html');
  });
});

describe('built-in templates', () => {
  const { input } = notificationsContract.operations.saveTemplate;

  test.each(builtInTemplates.map((template) => [`${template.template} ${template.locale}`, template] as const))(
    '%s is written from its sample values',
    (_name, template) => {
      expect(input.safeParse(template)).toMatchObject({ success: true });
      const result = writeWords(template, { ...template.sampleData, ...scope, locale: template.locale });
      if (!result.ok) throw new Error(`${result.fault.part}: ${result.fault.message}`);
      expect(result.words.html).toContain('Shop');
      expect(`${result.words.subject}${result.words.text}${result.words.html ?? ''}`).not.toMatch(
        /undefined|\[object|\{\{|\{%/,
      );
    },
  );

  test('each speaks English and German, and codes are secrets', () => {
    const keys = new Set(builtInTemplates.map(({ template }) => template));
    expect(keys.size * 2).toBe(builtInTemplates.length);
    expect(
      builtInTemplates.filter(({ sampleData }) => 'code' in sampleData).every(({ confidential }) => confidential),
    ).toBe(true);
  });
});
