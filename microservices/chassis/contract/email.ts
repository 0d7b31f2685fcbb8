import { z } from 'zod';

/** A dot-atom of RFC 5322 before the @, a host name with a domain after it. */
const ADDRESS =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** The domain as mail servers know it: `münchen.de` is xn--mnchen-3ya.de (IDNA). What is no domain stays as it is. */
const asciiDomain = (domain: string): string => {
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return domain;
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : domain;
};

/** The one form in which addresses are stored and compared: no spaces around, small letters, the domain in ASCII. */
export const canonicalEmail = (given: string): string => {
  const trimmed = given.trim().toLowerCase();
  const at = trimmed.lastIndexOf('@');
  return at === -1 ? trimmed : `${trimmed.slice(0, at)}@${asciiDomain(trimmed.slice(at + 1))}`;
};

export const email = z
  .string()
  .overwrite(canonicalEmail)
  .max(254, 'an e-mail address can be 254 characters at most')
  .check(z.email({ pattern: ADDRESS, error: 'this is not an e-mail address', abort: true }))
  .refine((address) => address.lastIndexOf('@') <= 64, 'the part before the @ can be 64 characters at most')
  .describe('E-mail address');
