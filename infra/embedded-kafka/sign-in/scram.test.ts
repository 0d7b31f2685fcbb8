import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import { SignInRefused } from './exchange.ts';
import { plainExchange } from './plain.ts';
import { scramExchange, scramKeys } from './scram.ts';

const user = { username: 'user', password: 'pencil' };
const text = (buffer: Buffer): string => buffer.toString();

describe('SCRAM-SHA-256', () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  const keys = scramKeys(user, 'sha256', salt, 4096);
  const first = 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO';
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
  const exchange = () => scramExchange(keys, () => '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0');

  test('is what RFC 7677 shows', () => {
    const take = exchange();
    expect(text(take(Buffer.from(first)).reply)).toBe(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`);
    const last = take(Buffer.from(`c=biws,r=${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`));
    expect(last).toEqual({ reply: Buffer.from('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4='), isDone: true });
  });

  test.each([
    ['another user', 'n,,n=root,r=abc', undefined],
    ['acting for another', 'n,a=root,n=user,r=abc', undefined],
    ['channel binding, which we do not offer', 'p=tls-unique,,n=user,r=abc', undefined],
    ['no nonce', 'n,,n=user,r=', undefined],
    ['nothing', '', undefined],
    ['a proof of nothing', first, `c=biws,r=${nonce},p=`],
    ['a short proof', first, `c=biws,r=${nonce},p=dHzb`],
    ['a wrong proof', first, `c=biws,r=${nonce},p=AHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`],
    ['only the client’s half of the nonce', first, 'c=biws,r=rOprNGfwEbeRWgbNEkqO,p=dHzb'],
    ['another channel', first, `c=eSws,r=${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`],
  ])('refuses %s', (_what, clientFirst, clientFinal) => {
    const take = exchange();
    expect(() => {
      take(Buffer.from(clientFirst));
      if (clientFinal !== undefined) take(Buffer.from(clientFinal));
    }).toThrow(SignInRefused);
  });

  test('no token makes it do anything but refuse or go on', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 3 }), (tokens) => {
        const take = exchange();
        try {
          for (const token of tokens) expect(take(Buffer.from(token)).isDone).toBe(false);
        } catch (error) {
          if (!(error instanceof SignInRefused)) throw error;
        }
      }),
    );
  });
});

test('SCRAM takes names and passwords of any characters, as RFC 5802 writes them', () => {
  const odd = { username: 'a=b,c', password: 'pässwörd, = 🗝' };
  const keys = scramKeys(odd, 'sha512');
  const take = scramExchange(keys, () => 'server');
  const bare = 'n=a=3Db=2Cc,r=client';
  const serverFirst = text(take(Buffer.from(`n,,${bare}`)).reply);
  const hmac = (key: Buffer, message: string): Buffer => createHmac('sha512', key).update(message).digest();
  const salted = pbkdf2Sync(odd.password, keys.salt, 4096, 64, 'sha512');
  const clientKey = hmac(salted, 'Client Key');
  const stored = createHash('sha512').update(clientKey).digest();
  const signature = hmac(stored, `${bare},${serverFirst},c=biws,r=clientserver`);
  const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0))).toString('base64');
  expect(take(Buffer.from(`c=biws,r=clientserver,p=${proof}`)).isDone).toBe(true);
});

describe('PLAIN', () => {
  test.each(['\0user\0pencil', 'user\0user\0pencil'])('takes %j', (token) => {
    expect(plainExchange(user)(Buffer.from(token))).toEqual({ reply: Buffer.alloc(0), isDone: true });
  });

  test.each([
    '',
    '\0',
    '\0\0',
    '\0user\0',
    '\0user\0pencil2',
    '\0User\0pencil',
    'root\0user\0pencil',
    '\0user\0pencil\0',
  ])('refuses %j', (token) => {
    expect(() => plainExchange(user)(Buffer.from(token))).toThrow(SignInRefused);
  });
});
