import fc from 'fast-check';
import { passwordWeakness } from './passwords.ts';

describe('passwords', () => {
  test.each([
    ['aaaaaaaaaaaa', 'different characters'],
    ['abababababab', 'different characters'],
    ['abcdefghijkl', 'neighbouring'],
    ['ponmlkjihgfe', 'neighbouring'],
    ['0123456789', 'neighbouring'],
    ['qwertyuiop', 'neighbouring'],
    ['QWERTZUIOP', 'neighbouring'],
  ])('%s is refused: %s', (password, why) => {
    expect(passwordWeakness(password, [])).toContain(why);
  });

  test('what is mostly the person’s own name or address is refused', () => {
    expect(passwordWeakness('lovelace12', ['ada@example.org', 'Ada Lovelace'])).toContain('your own name');
    expect(passwordWeakness('Ada@Example.org', ['ada@example.org'])).toContain('your own name');
    expect(passwordWeakness('lovelace writes programs', ['ada@example.org', 'Ada Lovelace'])).toBeUndefined();
  });

  test('a refusal never repeats the password', () => {
    for (const password of ['aaaaaaaaaaaa', 'abcdefghijkl', 'lovelace12']) {
      expect(passwordWeakness(password, ['lovelace'])).not.toContain(password);
    }
  });

  test.each(['correct horse battery', 'пароль достаточно длинный', 'Tr0ub4dor&3x', '密码足够长的一句话没问题'])(
    '%s is taken',
    (password) => {
      expect(passwordWeakness(password, ['ada@example.org', '+4915112345678', 'Ada', null, undefined])).toBeUndefined();
    },
  );

  test('any text gets an answer', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.array(fc.option(fc.string())),
        (password, personal) => {
          expect(['string', 'undefined']).toContain(typeof passwordWeakness(password, personal));
        },
      ),
    );
  });
});
