import { bigCode, frame, paragraph, type BuiltInTemplate } from './frame.ts';

const code = { code: '7KQ4-M2XD', codeId: 'otc_01976f3e8c2a7b549a103f5d2c7e8b61', expiresInMinutes: 15 };
const secret = { purpose: 'transactional', confidential: true } as const;

/** Messages of a shop about an account. Codes are secrets: the message is deleted once it was sent. */
export const accountTemplates: readonly BuiltInTemplate[] = [
  {
    ...secret,
    template: 'verify-email',
    locale: 'en',
    title: 'Verify e-mail address',
    subject: 'Your code for {{ shop.name }}',
    text: 'Your code to confirm this e-mail address: {{ code }}\n\nIt is good for {{ expiresInMinutes }} minutes. If you did not ask for it, you need not do anything.\n\n{{ shop.name }}',
    html: frame(
      'Confirm your e-mail address',
      `${paragraph('Your code:')}${bigCode('{{ code }}')}${paragraph('It is good for {{ expiresInMinutes }} minutes. If you did not ask for it, you need not do anything.')}`,
    ),
    sampleData: code,
  },
  {
    ...secret,
    template: 'verify-email',
    locale: 'de',
    title: 'E-Mail-Adresse bestätigen',
    subject: 'Ihr Code für {{ shop.name }}',
    text: 'Ihr Code, um diese E-Mail-Adresse zu bestätigen: {{ code }}\n\nEr gilt {{ expiresInMinutes }} Minuten. Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun.\n\n{{ shop.name }}',
    html: frame(
      'E-Mail-Adresse bestätigen',
      `${paragraph('Ihr Code:')}${bigCode('{{ code }}')}${paragraph('Er gilt {{ expiresInMinutes }} Minuten. Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun.')}`,
    ),
    sampleData: code,
  },
  {
    ...secret,
    template: 'reset-password',
    locale: 'en',
    title: 'Reset password',
    subject: 'Reset your password for {{ shop.name }}',
    text: 'Your code to choose a new password: {{ code }}\n\nIt is good for {{ expiresInMinutes }} minutes. If you did not ask for it, ignore this message: your password stays as it is.\n\n{{ shop.name }}',
    html: frame(
      'Choose a new password',
      `${paragraph('Your code:')}${bigCode('{{ code }}')}${paragraph('It is good for {{ expiresInMinutes }} minutes. If you did not ask for it, ignore this message: your password stays as it is.')}`,
    ),
    sampleData: code,
  },
  {
    ...secret,
    template: 'reset-password',
    locale: 'de',
    title: 'Passwort zurücksetzen',
    subject: 'Neues Passwort für {{ shop.name }}',
    text: 'Ihr Code, um ein neues Passwort zu wählen: {{ code }}\n\nEr gilt {{ expiresInMinutes }} Minuten. Wenn Sie ihn nicht angefordert haben, beachten Sie diese Nachricht nicht: Ihr Passwort bleibt, wie es ist.\n\n{{ shop.name }}',
    html: frame(
      'Ein neues Passwort wählen',
      `${paragraph('Ihr Code:')}${bigCode('{{ code }}')}${paragraph('Er gilt {{ expiresInMinutes }} Minuten. Wenn Sie ihn nicht angefordert haben, beachten Sie diese Nachricht nicht: Ihr Passwort bleibt, wie es ist.')}`,
    ),
    sampleData: code,
  },
  {
    purpose: 'transactional',
    confidential: false,
    template: 'account-exists',
    locale: 'en',
    title: 'Account exists already',
    subject: 'You have an account at {{ shop.name }} already',
    text: 'Somebody, probably you, wanted to open an account with this e-mail address. There is one already: sign in, or reset the password if you forgot it.\n\nIf it was not you, you need not do anything.\n\n{{ shop.name }}',
    html: frame(
      'You have an account already',
      `${paragraph('Somebody, probably you, wanted to open an account with this e-mail address. There is one already: sign in, or reset the password if you forgot it.')}${paragraph('If it was not you, you need not do anything.')}`,
    ),
    sampleData: {},
  },
  {
    purpose: 'transactional',
    confidential: false,
    template: 'account-exists',
    locale: 'de',
    title: 'Konto besteht bereits',
    subject: 'Sie haben bereits ein Konto bei {{ shop.name }}',
    text: 'Jemand, wahrscheinlich Sie, wollte mit dieser E-Mail-Adresse ein Konto eröffnen. Es gibt bereits eines: Melden Sie sich an, oder setzen Sie das Passwort zurück, wenn Sie es vergessen haben.\n\nWenn Sie es nicht waren, müssen Sie nichts tun.\n\n{{ shop.name }}',
    html: frame(
      'Sie haben bereits ein Konto',
      `${paragraph('Jemand, wahrscheinlich Sie, wollte mit dieser E-Mail-Adresse ein Konto eröffnen. Es gibt bereits eines: Melden Sie sich an, oder setzen Sie das Passwort zurück, wenn Sie es vergessen haben.')}${paragraph('Wenn Sie es nicht waren, müssen Sie nichts tun.')}`,
    ),
    sampleData: {},
  },
];
