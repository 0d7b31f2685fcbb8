import express, { Router, type RequestHandler } from 'express';
import { inWords } from '../../../chassis/money.ts';
import { html, type Html } from '../../../chassis/pages/html.ts';
import { sendPage } from '../../../chassis/pages/page.ts';
import { Problem } from '../../../chassis/problem.ts';
import { actOnPage, withCard, type Bank } from './bank.ts';
import { cardOfNumber, TEST_CARDS } from './cards.ts';
import { PAGE } from './index.ts';
import { findPayment, type BankPayment } from './store.ts';

/**
 * The bank's own page: it takes the card's number, which stays here, and asks to confirm. Its address holds a secret
 * and is given to the customer only.
 */
export const bankPage = (bank: Bank): RequestHandler => {
  const router = Router();
  const path = `${PAGE}/:id/:secret`;
  router.get(path, async (request, response) => {
    const payment = await knownPayment(bank, request.params);
    show(response, payment);
  });
  router.post(path, express.urlencoded({ extended: false, limit: '4kb' }), async (request, response) => {
    const payment = await knownPayment(bank, request.params);
    const { number, answer } = fieldsOf(request.body);
    if (payment.behaviour === null) {
      const card = cardOfNumber(number);
      if (!card) {
        show(response, payment, 'This is no test card. Use one of those below; a real card must not be typed here.');
        return;
      }
      show(response, (await actOnPage(bank, payment.id, (one, at) => withCard(one, card, at))) ?? payment);
      return;
    }
    const confirmed = answer === 'confirm';
    const act = (one: BankPayment): BankPayment =>
      confirmed ? { ...one, status: 'authorized' } : { ...one, status: 'failed', failure: 'authentication_failed' };
    show(response, (await actOnPage(bank, payment.id, act)) ?? payment);
  });
  return router;
};

const fieldsOf = (body: unknown): { number: string; answer: string } => {
  const field = (name: string): string => {
    const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : '';
    return typeof value === 'string' ? value.slice(0, 40) : '';
  };
  return { number: field('number'), answer: field('answer') };
};

const knownPayment = async ({ database }: Bank, given: Record<string, string | string[]>): Promise<BankPayment> => {
  const payment = await findPayment(database, String(given['id']).slice(0, 100));
  if (payment && payment.secret === String(given['secret'])) return payment;
  throw new Problem({
    code: 'NOT_FOUND',
    status: 404,
    title: 'Payment not found',
    detail: 'The test bank has no payment at this address. Begin the payment again.',
  });
};

const show = (response: Parameters<typeof sendPage>[0], payment: BankPayment, mistake?: string): void =>
  sendPage(response, {
    path: PAGE,
    title: 'Test bank · FusionCommerce',
    isPrivate: true,
    body: bodyOf(payment, mistake),
  });

const bodyOf = (payment: BankPayment, mistake?: string): Html => html`
  <h1>Test bank</h1>
  <p>
    Payment of <strong>${inWords({ amount: payment.amount, currency: payment.currency })}</strong>. No real money moves
    here.
  </p>
  ${mistake === undefined ? null : html`<p role="alert">${mistake}</p>`}
  ${payment.status === 'requires_action' ? (payment.behaviour === null ? cardForm : confirmForm(payment)) : outcome(payment)}
`;

const cardForm = html`
  <form method="post">
    <label>Card number <input name="number" inputmode="numeric" autocomplete="off" required maxlength="23" /></label>
    <button>Pay</button>
  </form>
  <table>
    <caption>
      Test cards
    </caption>
    <thead>
      <tr>
        <th scope="col">Number</th>
        <th scope="col">What it does</th>
      </tr>
    </thead>
    <tbody>
      ${TEST_CARDS.map(
        ({ number, about }) =>
          html`<tr>
            <td><code>${number.replaceAll(/(\d{4})(?=\d)/g, '$1 ')}</code></td>
            <td>${about}</td>
          </tr>`,
      )}
    </tbody>
  </table>
`;

const confirmForm = ({ last4 }: BankPayment): Html => html`
  <p>Your bank asks: is it you who pays with the card that ends in ${last4 ?? ''}?</p>
  <form method="post">
    <button name="answer" value="confirm">Confirm the payment</button>
    <button name="answer" value="refuse">It is not me</button>
  </form>
`;

const OUTCOMES: Partial<Record<BankPayment['status'], string>> = {
  authorized: 'The payment is confirmed.',
  captured: 'The payment is made.',
  failed: 'The payment was declined.',
  voided: 'The payment was cancelled.',
  expired: 'The payment has expired.',
};

const outcome = ({ status, returnUrl }: BankPayment): Html => html`
  <p role="status">${OUTCOMES[status] ?? status}</p>
  ${returnUrl === null ? null : html`<p><a href="${returnUrl}">Back to the shop</a></p>`}
`;
