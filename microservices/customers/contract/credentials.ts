import { z } from 'zod';
import { email, operation, timestamp } from '../../chassis/contract/index.ts';
import {
  codeId,
  customer,
  customerId,
  customerNotFound,
  emailTaken,
  illegalState,
  newPassword,
  oneTimeCode,
  previousRefreshToken,
  tooManyAttempts,
  typedPassword,
  weakPassword,
  wrongCode,
  wrongPassword,
} from './values.ts';

const codeSent = z.object({
  codeId,
  expiresAt: timestamp,
});

/** Verifying contact data and changing credentials. */
export const credentialOperations = {
  requestVerification: operation({
    method: 'POST',
    path: '/customers/{customerId}/verifications',
    title: 'Send verification code',
    description: 'Sends a new code to the customer’s e-mail address. Earlier codes stop working.',
    access: { scope: 'customers:write', customer: true },
    input: z.object({ customerId }),
    output: codeSent,
    errors: {
      CUSTOMER_NOT_FOUND: customerNotFound,
      NOTHING_TO_VERIFY: { status: 409, title: 'No e-mail address to verify' },
      TOO_MANY_ATTEMPTS: tooManyAttempts,
      ILLEGAL_STATE: illegalState,
    },
    successStatus: 202,
  }),
  confirmVerification: operation({
    method: 'POST',
    path: '/customers/{customerId}/verifications/confirm',
    title: 'Confirm verification',
    description:
      'Takes the code of the newest message. The e-mail address is then verified and can be used to sign in. A code ends after five wrong tries.',
    access: { scope: 'customers:write', customer: true },
    input: z.object({ customerId, code: oneTimeCode }),
    output: customer,
    errors: {
      CUSTOMER_NOT_FOUND: customerNotFound,
      WRONG_CODE: wrongCode,
      TOO_MANY_ATTEMPTS: tooManyAttempts,
      EMAIL_TAKEN: emailTaken,
      ILLEGAL_STATE: illegalState,
    },
    secretAnswer: true,
  }),
  changeEmail: operation({
    method: 'POST',
    path: '/customers/{customerId}/email',
    title: 'Change e-mail address',
    description:
      'Sends a code to the new address; the old one stays until the code is confirmed. Customers with a password give it; staff need none.',
    access: { scope: 'customers:write', customer: true },
    input: z.object({ customerId, email, password: typedPassword.optional() }),
    output: codeSent,
    errors: {
      CUSTOMER_NOT_FOUND: customerNotFound,
      WRONG_PASSWORD: wrongPassword,
      TOO_MANY_ATTEMPTS: tooManyAttempts,
      ILLEGAL_STATE: illegalState,
    },
    successStatus: 202,
    secretAnswer: true,
  }),
  changePassword: operation({
    method: 'PUT',
    path: '/customers/{customerId}/password',
    title: 'Change password',
    description: 'For customers who know their password. Every other session ends.',
    access: { scope: 'customers:write', customer: true },
    input: z.object({ customerId, currentPassword: typedPassword, newPassword }),
    output: z.object({ changedAt: timestamp }),
    errors: {
      CUSTOMER_NOT_FOUND: customerNotFound,
      WRONG_PASSWORD: wrongPassword,
      WEAK_PASSWORD: weakPassword,
      TOO_MANY_ATTEMPTS: tooManyAttempts,
      ILLEGAL_STATE: illegalState,
    },
    secretAnswer: true,
  }),
  requestPasswordReset: operation({
    method: 'POST',
    path: '/customers/password-resets',
    title: 'Request password reset',
    description:
      'Sends a code to the address if it has an account; earlier codes stop working. The response and its time are the same if it has none.',
    access: { scope: 'customers:write', public: true },
    input: z.object({ email, previousRefreshToken }),
    output: codeSent,
    errors: { TOO_MANY_ATTEMPTS: tooManyAttempts },
    successStatus: 202,
    secretAnswer: true,
  }),
  confirmPasswordReset: operation({
    method: 'POST',
    path: '/customers/password-resets/{codeId}/confirm',
    title: 'Reset password',
    description:
      'Takes the code of the message and a new password. The e-mail address counts as verified, and every session ends. A code ends after five wrong tries.',
    access: { scope: 'customers:write', public: true },
    input: z.object({ codeId, code: oneTimeCode, newPassword }),
    output: z.object({ changedAt: timestamp }),
    errors: {
      WRONG_CODE: wrongCode,
      WEAK_PASSWORD: weakPassword,
      TOO_MANY_ATTEMPTS: tooManyAttempts,
      EMAIL_TAKEN: emailTaken,
    },
    secretAnswer: true,
  }),
};
