/** The facts about a customer that decide whether guest orders may become theirs. */
export interface Claimant {
  state: string;
  email: string | null;
  emailVerified: boolean;
}

/** The address whose guest orders are the customer's: proved, and of an account that is in use. */
export const provedEmail = ({ state, email, emailVerified }: Claimant): string | undefined =>
  state === 'active' && emailVerified && email !== null ? email : undefined;
