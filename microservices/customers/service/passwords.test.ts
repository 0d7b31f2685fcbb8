import { createPasswords } from './passwords.ts';

test('a password is kept as Argon2id with OWASP’s parameters and a salt of its own', async () => {
  const passwords = await createPasswords();
  const [first, second] = await Promise.all([
    passwords.hash('correct horse battery'),
    passwords.hash('correct horse battery'),
  ]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
});

test('only the right password matches, and without an account none does', async () => {
  const passwords = await createPasswords();
  const kept = await passwords.hash('correct horse battery');
  expect(await passwords.matches(kept, 'correct horse battery')).toBe(true);
  expect(await passwords.matches(kept, 'correct horse batterie')).toBe(false);
  expect(await passwords.matches(null, 'correct horse battery')).toBe(false);
  expect(await passwords.matches(undefined, '')).toBe(false);
});

test('the same letters typed on another keyboard are the same password', async () => {
  const passwords = await createPasswords();
  const kept = await passwords.hash('Gr\u00fc\u00dfe aus K\u00f6ln');
  expect(await passwords.matches(kept, 'Gru\u0308\u00dfe aus Ko\u0308ln')).toBe(true);
});
