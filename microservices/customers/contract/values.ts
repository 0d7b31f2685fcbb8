import { z } from 'zod';
import {
  address,
  choices,
  country,
  currency,
  email,
  id,
  languageTag,
  line,
  metadata,
  opaque,
  timestamp,
  version,
} from '../../chassis/contract/index.ts';

export const customerId = id('cus').describe('The customer, cus_…');
export const addressId = id('adr').describe('The address, adr_…');
export const sessionId = id('ses').describe('The session, ses_…');
export const keyId = id('key').describe('The API key, key_…');
export const codeId = id('otc').describe('The request that sent the code, otc_…');

/** A telephone number as networks dial it (ITU-T E.164). */
export const phone = z
  .string()
  .trim()
  .regex(
    /^\+[1-9][0-9]{6,14}$/,
    'a phone number starts with + and the country code and has 7 to 15 digits, for example +4915112345678',
  )
  .describe('Phone number in international form, +49…');

export const locale = languageTag.describe('Language and region, for example de-DE');

/** A password as it is chosen; policy/passwords.ts refuses those that are easy to guess. */
export const newPassword = z
  .string()
  .min(10, 'a password needs at least 10 characters')
  .max(200, 'a password can be 200 characters at most')
  .describe('At least 10 characters; several words make a good one');

/** A password as it is typed in to sign in: any text, so that the response is never more than "wrong". */
export const typedPassword = z.string().min(1).max(200).describe('The password');

/** The code of a message, as people type it. */
export const oneTimeCode = z
  .string()
  .trim()
  .min(6)
  .max(20)
  .refine((typed) => /^[0-9A-Za-z -]+$/.test(typed), 'a code is the 8 letters and digits of the message')
  .describe('The 8 letters and digits of the message, for example 7KQ4-M2XD');

export const previousRefreshToken = opaque(200)
  .min(1)
  .optional()
  .describe(
    'A refresh token that this device had before, also an expired one: failed attempts of strangers then do not keep the person out',
  );

export const channel = choices({
  email: 'Messages to the e-mail address',
  sms: 'Text message',
  whatsapp: 'Messages in WhatsApp',
  messenger: 'Another messenger',
  push: 'Notification on the phone',
  in_app: 'Inbox inside the shop',
  phone: 'Phone call',
  post: 'Letter',
  web: 'Visits to the shop',
}).describe('Channel of a message; web for visits to the shop');
export const purpose = choices({
  marketing: 'Advertising and offers',
  personalization: 'A shop that fits the person',
  analytics: 'Statistics on how the shop is used',
  research: 'Surveys and studies',
}).describe('What the person agrees to');

export const groupCode = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'a group code is 1 to 40 lower-case letters, digits, - or _')
  .describe('Code of the customer group, for example wholesale');
export const tag = line(40).describe('A word that staff mark customers with, for example vip');

export const kind = choices({
  guest: 'Buys without an account',
  registered: 'Has an account',
}).describe('guest: buys without an account; registered: has a password or an invitation');
export const state = choices({
  active: 'Can sign in and buy',
  disabled: 'Cannot sign in',
  merged: 'Merged into another customer',
  erased: 'The person’s data is deleted',
}).describe('merged: merged into another customer; erased: the person’s data is deleted');

export const customer = z
  .object({
    id: customerId,
    kind,
    state,
    email: email.nullable(),
    emailVerified: z.boolean(),
    phone: phone.nullable(),
    phoneVerified: z.boolean(),
    name: z.string().nullable(),
    locale,
    currency: currency.nullable().describe('Preferred currency'),
    preferredChannel: channel.describe('How the person likes to be reached'),
    country: country.nullable(),
    group: groupCode.nullable().describe('Customer group; price lists ask for it'),
    tags: z.array(z.string()),
    metadata,
    mergedInto: customerId.nullable(),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Customer', title: 'Customer' });
export type Customer = z.output<typeof customer>;

export const savedAddress = z
  .object({
    id: addressId,
    label: z.string().nullable(),
    ...address.shape,
    defaultShipping: z.boolean(),
    defaultBilling: z.boolean(),
    version,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'SavedAddress', title: 'Saved address' });
export type SavedAddress = z.output<typeof savedAddress>;

export const session = z
  .object({
    sessionId,
    customerId,
    tokenType: z.literal('Bearer'),
    accessToken: z.string().describe('Goes into the Authorization header; valid for minutes'),
    expiresAt: timestamp.describe('When the access token expires'),
    refreshToken: z.string().describe('Exchanged once for the next pair, through "Refresh session"'),
    refreshExpiresAt: timestamp,
  })
  .meta({ id: 'Session', title: 'Session' });
export type SessionTokens = z.output<typeof session>;

export const consent = z
  .object({
    purpose,
    channel,
    granted: z.boolean(),
    policyVersion: z.string().nullable().describe('Version of the text that the person agreed to or declined'),
    source: z.string().nullable().describe('Where the decision was made, for example checkout'),
    decidedAt: timestamp,
  })
  .meta({ id: 'Consent', title: 'Consent' });
export type Consent = z.output<typeof consent>;
export type ConsentDecision = Consent & { recordedBy: string };

export const group = z
  .object({ code: groupCode, title: z.string(), description: z.string().nullable(), version, createdAt: timestamp })
  .meta({ id: 'CustomerGroup', title: 'Customer group' });
export type Group = z.output<typeof group>;

export const apiKey = z
  .object({
    id: keyId,
    name: z.string(),
    hint: z.string().describe('The first characters of the key, to tell keys apart'),
    scopes: z.array(z.string()),
    createdAt: timestamp,
    createdBy: z.string(),
    expiresAt: timestamp.nullable(),
    revokedAt: timestamp.nullable(),
    lastUsedAt: timestamp.nullable().describe('To five minutes'),
  })
  .meta({ id: 'ApiKey', title: 'API key' });
export type ApiKey = z.output<typeof apiKey>;

export const erasure = z
  .object({
    customerId,
    state: choices({
      requested: 'Services still delete what they hold',
      completed: 'Every service has acknowledged',
    }).describe('completed once every service has acknowledged it'),
    requestedAt: timestamp,
    requestedBy: z.enum(['customer', 'staff']),
    completedAt: timestamp.nullable(),
    services: z.array(
      z.object({
        service: z.string(),
        acknowledgedAt: timestamp.nullable(),
        waitsBecause: z.string().nullable().describe('Why this service cannot delete the data yet, and what ends that'),
      }),
    ),
  })
  .meta({ id: 'Erasure', title: 'Erasure request' });
export type Erasure = z.output<typeof erasure>;

/** Failures that many operations share. */
export const customerNotFound = { status: 404, title: 'Customer not found' } as const;
export const tooManyAttempts = {
  status: 429,
  title: 'Too many attempts',
  data: z.object({ retryAfterSeconds: z.int() }),
} as const;
export const illegalState = {
  status: 409,
  title: 'Not allowed in this state',
  data: z.object({ state: z.string(), allowed: z.array(z.string()) }),
} as const;
export const weakPassword = { status: 422, title: 'Password too easy to guess' } as const;
export const wrongPassword = { status: 403, title: 'Wrong password' } as const;
export const wrongCode = { status: 422, title: 'Wrong or expired code' } as const;
export const phoneTaken = { status: 409, title: 'Phone number already in use' } as const;
export const groupNotFound = { status: 404, title: 'Customer group not found' } as const;
export const emailTaken = { status: 409, title: 'E-mail address already in use' } as const;
