import express, { Router, type RequestHandler } from 'express';
import { Problem } from '../../chassis/problem.ts';
import type { Context } from '../context.ts';
import { NoticeRefused, type PspNotice } from '../psp/port.ts';
import { checkPart, findNoticedPart, keepNotice } from '../store/operations.ts';
import { check } from './perform.ts';

export const NOTICES_PATH = '/webhooks/payments';

/**
 * Takes in a provider's notice. It is believed in one thing only: that there is news. The provider is asked how the
 * payment stands, so that late, repeated and disordered notices do no harm. What has to be asked is written down
 * first.
 */
export const takeNotice = async (
  context: Context,
  provider: string,
  body: Buffer,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<void> => {
  const notice = context.providers.get(provider)?.readNotice?.(body, headers);
  if (!notice) return;
  const partId = await context.commit((tx) => note(tx, provider, notice, context.now()));
  if (partId === undefined) return;
  await check(context, partId).catch((err: unknown) => {
    context.log.warn({ err, provider }, 'a provider had news but could not be asked; a job asks again');
  });
};

/** The part that a new notice is about; undefined for a repeated one, and for payments that are not ours. */
const note = async (
  tx: Parameters<typeof keepNotice>[0],
  provider: string,
  notice: PspNotice,
  at: Date,
): Promise<string | undefined> => {
  if (!(await keepNotice(tx, provider, notice.id, at))) return undefined;
  const partId = await findNoticedPart(tx, provider, notice);
  if (partId !== undefined) await checkPart(tx, partId, at);
  return partId;
};

/** POST /webhooks/payments/<provider>: where providers deliver their notices. */
export const noticeRoutes = (context: Context): RequestHandler => {
  const router = Router();
  router.post(
    `${NOTICES_PATH}/:provider`,
    express.raw({ type: () => true, limit: '256kb' }),
    async (request, response) => {
      const provider = String(request.params['provider']);
      if (!context.providers.get(provider)?.readNotice)
        throw new Problem({
          code: 'NOT_FOUND',
          status: 404,
          title: 'Provider not found',
          detail: 'There is no payment provider of this name that delivers notices here.',
        });
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
      );
      const body: unknown = request.body;
      try {
        await takeNotice(context, provider, Buffer.isBuffer(body) ? body : Buffer.alloc(0), headers);
      } catch (error) {
        if (!(error instanceof NoticeRefused)) throw error;
        throw new Problem({
          code: 'NOTICE_REFUSED',
          status: 400,
          title: 'Notice refused',
          detail: `This notice is not taken: ${error.message}. Check the signing secret that both sides have.`,
        });
      }
      response.status(204).end();
    },
  );
  return router;
};
