import { setTimeout as sleep } from 'node:timers/promises';
import { errorCodes } from '../protocol/error-codes.ts';
import type { SaslAuthenticateResponse } from '../protocol/sasl-authenticate.ts';
import type { SaslHandshakeResponse } from '../protocol/sasl-handshake.ts';
import { SignInRefused } from '../sign-in/exchange.ts';
import { chooseMechanism, isSignedIn, takeToken, type Session } from '../sign-in/session.ts';
import type { BrokerState, Call } from './broker-state.ts';

/** Kafka's own pause before it refuses: guessing stays slow. */
const refusalDelayMs = 100;

export function handleSaslHandshake(
  { mechanism }: { readonly mechanism: string },
  _state: BrokerState,
  { session, version }: Call,
): SaslHandshakeResponse {
  const mechanisms = [...session.mechanisms.keys()];
  if (isSignedIn(session)) return { errorCode: errorCodes.ILLEGAL_SASL_STATE, mechanisms };
  const isKnown = chooseMechanism(session, mechanism, version === 0);
  return { errorCode: isKnown ? errorCodes.NONE : errorCodes.UNSUPPORTED_SASL_MECHANISM, mechanisms };
}

export async function handleSaslAuthenticate(
  { authBytes }: { readonly authBytes: Buffer },
  _state: BrokerState,
  { session }: Call,
): Promise<SaslAuthenticateResponse> {
  if (isSignedIn(session)) {
    const errorMessage = 'this connection needs no sign-in';
    return { errorCode: errorCodes.ILLEGAL_SASL_STATE, errorMessage, authBytes: Buffer.alloc(0) };
  }
  try {
    return { errorCode: errorCodes.NONE, errorMessage: null, authBytes: await replyTo(session, authBytes) };
  } catch (error) {
    if (!(error instanceof SignInRefused)) throw error;
    const errorCode = errorCodes.SASL_AUTHENTICATION_FAILED;
    return { errorCode, errorMessage: error.message, authBytes: Buffer.alloc(0) };
  }
}

async function replyTo(session: Session, token: Buffer): Promise<Buffer> {
  try {
    return takeToken(session, token);
  } catch (error) {
    await sleep(refusalDelayMs);
    throw error;
  }
}

/**
 * The reply to a token without a request around it, as after SaslHandshake 0: its size and its bytes. Throws
 * SignInRefused, because only the connection's end can tell the client.
 */
export async function answerBareToken(session: Session, token: Buffer): Promise<Buffer[]> {
  const reply = await replyTo(session, token);
  const size = Buffer.alloc(4);
  size.writeInt32BE(reply.length);
  return [size, reply];
}
