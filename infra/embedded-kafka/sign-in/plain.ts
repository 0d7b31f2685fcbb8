import { sameSecret, SignInRefused, type Exchange, type User } from './exchange.ts';

/** SASL PLAIN (RFC 4616): one token with the authorization id, the user and the password, separated by NUL. */
export function plainExchange({ username, password }: User): Exchange {
  return (token) => {
    const [authorizationId = '', name = '', secret = '', ...rest] = token.toString('utf8').split('\0');
    const actsForItself = authorizationId === '' || authorizationId === name;
    const isUser = [sameSecret(name, username), sameSecret(secret, password)].every(Boolean);
    if (!isUser || !actsForItself || rest.length > 0) throw new SignInRefused();
    return { reply: Buffer.alloc(0), isDone: true };
  };
}
