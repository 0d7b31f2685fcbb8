import { z } from 'zod';

/**
 * A dot-atom of RFC 5322 before the @, which by RFC 6531 may hold letters of every script; after it a host name with a
 * domain.
 */
const ADDRESS =
  /^(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]|[^\x00-\x7f])+(\.(?:[a-z0-9!#$%&'*+/=?^_`{|}~-]|[^\x00-\x7f])+)*@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+([a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** RFC 5321, section 4.5.3.1.1: octets, not letters. */
const MOST_OCTETS = 64;

/** The domain as mail servers know it: `münchen.de` is xn--mnchen-3ya.de (IDNA). What is no domain stays as it is. */
const asciiDomain = (domain: string): string => {
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return domain;
  return URL.canParse(`http://${domain}`) ? new URL(`http://${domain}`).hostname : domain;
};

/** What cannot be seen or has no meaning: two addresses would look the same. */
const UNSEEN = /[\p{C}\p{Z}]/u;

/** One form of a local part: mail goes to this form too, so that nobody gets the code of somebody else. */
const canonicalLocal = (local: string): string => local.normalize('NFKC').toLowerCase().normalize('NFKC');

/**
 * The one form in which addresses are stored, compared and written to: no spaces around, small letters, letters beyond
 * ASCII in one Unicode form (NFKC), the domain in ASCII.
 */
export const canonicalEmail = (given: string): string => {
  const trimmed = given.trim();
  const at = trimmed.lastIndexOf('@');
  if (at === -1) return trimmed.toLowerCase();
  return `${canonicalLocal(trimmed.slice(0, at))}@${asciiDomain(trimmed.slice(at + 1).toLowerCase())}`;
};

export const email = z
  .string()
  .overwrite(canonicalEmail)
  .max(254, 'an e-mail address can be 254 characters at most')
  .check(z.email({ pattern: ADDRESS, error: 'this is not an e-mail address', abort: true }))
  .refine((address) => !UNSEEN.test(address), 'an e-mail address has no invisible characters and no spaces')
  .refine(
    (address) => Buffer.byteLength(address.slice(0, address.lastIndexOf('@'))) <= MOST_OCTETS,
    'the part before the @ can be 64 characters at most, or fewer of scripts whose letters take more than one byte',
  )
  .describe('E-mail address');
