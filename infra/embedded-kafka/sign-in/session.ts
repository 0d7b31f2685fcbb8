import { SignInRefused, type Exchange, type User } from './exchange.ts';
import { plainExchange } from './plain.ts';
import { scramExchange, scramKeys } from './scram.ts';

/** How clients may sign in: by mechanism, the beginning of an exchange. Empty for a broker without a user. */
export type Mechanisms = ReadonlyMap<string, () => Exchange>;

export function mechanismsFor(user: User | undefined): Mechanisms {
  if (user === undefined) return new Map();
  const [sha256, sha512] = [scramKeys(user, 'sha256'), scramKeys(user, 'sha512')];
  return new Map([
    ['SCRAM-SHA-256', () => scramExchange(sha256)],
    ['SCRAM-SHA-512', () => scramExchange(sha512)],
    ['PLAIN', () => plainExchange(user)],
  ]);
}

type Phase =
  | { readonly name: 'new' }
  | { readonly name: 'exchanging'; readonly exchange: Exchange; readonly tokensAreBare: boolean }
  | { readonly name: 'signed-in' }
  | { readonly name: 'refused' };

/** How far one connection has come with its sign-in. */
export type Session = { readonly mechanisms: Mechanisms; phase: Phase; readonly onSignedIn: () => void };

/** A connection to a broker without a user counts as signed in from the beginning. */
export function newSession(mechanisms: Mechanisms, onSignedIn: () => void): Session {
  return { mechanisms, phase: { name: mechanisms.size === 0 ? 'signed-in' : 'new' }, onSignedIn };
}

export const isSignedIn = ({ phase }: Session): boolean => phase.name === 'signed-in';
export const isRefused = ({ phase }: Session): boolean => phase.name === 'refused';

/** True when what comes next is a token without a request around it, as after SaslHandshake 0. */
export const expectsBareToken = ({ phase }: Session): boolean => phase.name === 'exchanging' && phase.tokensAreBare;

/** Begins an exchange. False when the mechanism is none of ours: the connection is then refused. */
export function chooseMechanism(session: Session, mechanism: string, tokensAreBare: boolean): boolean {
  const begin = session.mechanisms.get(mechanism);
  session.phase = begin ? { name: 'exchanging', exchange: begin(), tokensAreBare } : { name: 'refused' };
  return begin !== undefined;
}

/** The reply to a client's token. Throws SignInRefused when it proves nothing: the connection is then refused. */
export function takeToken(session: Session, token: Buffer): Buffer {
  const { phase } = session;
  session.phase = { name: 'refused' };
  if (phase.name !== 'exchanging') throw new SignInRefused();
  const { reply, isDone } = phase.exchange(token);
  session.phase = isDone ? { name: 'signed-in' } : phase;
  if (isDone) session.onSignedIn();
  return reply;
}
