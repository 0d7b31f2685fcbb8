/** How a test card behaves. */
export type Behaviour =
  | 'pays'
  | 'declines'
  | 'lacks_funds'
  | 'asks'
  | 'times_out'
  | 'late_notices'
  | 'chaos'
  | 'hold_ends'
  | 'refuses_refunds'
  | 'disputes';

export interface TestCard {
  /** Well known numbers of test cards; none of them is anybody's. */
  number: string;
  token: string;
  behaviour: Behaviour;
  about: string;
}

export const TEST_CARDS: readonly TestCard[] = [
  { number: '4242424242424242', token: 'tok_pays', behaviour: 'pays', about: 'Pays' },
  { number: '4000000000000002', token: 'tok_declines', behaviour: 'declines', about: 'Is declined' },
  { number: '4000000000009995', token: 'tok_lacks_funds', behaviour: 'lacks_funds', about: 'Has too little money' },
  { number: '4000002760003184', token: 'tok_asks', behaviour: 'asks', about: 'Asks to confirm (3-D Secure)' },
  {
    number: '4000000000000119',
    token: 'tok_times_out',
    behaviour: 'times_out',
    about: 'Every first answer is lost after the money moved',
  },
  {
    number: '4000000000000341',
    token: 'tok_late_notices',
    behaviour: 'late_notices',
    about: 'Notices come late, twice and out of order',
  },
  { number: '4100000000000019', token: 'tok_chaos', behaviour: 'chaos', about: 'Both of these' },
  { number: '4000000000000036', token: 'tok_hold_ends', behaviour: 'hold_ends', about: 'The hold ends at once' },
  { number: '4000000000005126', token: 'tok_refuses_refunds', behaviour: 'refuses_refunds', about: 'Refuses refunds' },
  {
    number: '4000000000000259',
    token: 'tok_disputes',
    behaviour: 'disputes',
    about: 'Is disputed as soon as it is captured',
  },
];

export const cardOfToken = (token: string): TestCard | undefined => TEST_CARDS.find((card) => card.token === token);

/** The test card with this number, as people type it. */
export const cardOfNumber = (typed: string): TestCard | undefined => {
  const digits = typed.replaceAll(/[ -]/g, '');
  return TEST_CARDS.find(({ number }) => number === digits);
};

export const losesAnswers = (behaviour: Behaviour | null): boolean =>
  behaviour === 'times_out' || behaviour === 'chaos';
export const isUnruly = (behaviour: Behaviour | null): boolean => behaviour === 'late_notices' || behaviour === 'chaos';
