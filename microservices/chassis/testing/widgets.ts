import { z } from 'zod';
import { defineContract, event, id, operation, page, pageQuery, text } from '../contract/index.ts';

const widget = z.object({ id: id('wid'), name: text(50), count: z.int() });

/** A made-up domain with one of everything, for the chassis' own tests. */
export const widgetsContract = defineContract({
  domain: 'widgets',
  title: 'Widgets',
  description: 'A domain that exists in tests only.',
  version: 1,
  operations: {
    makeWidget: operation({
      method: 'POST',
      path: '/widgets',
      title: 'Make a widget',
      description: 'Makes one.',
      access: { scope: 'widgets:write' },
      input: z.object({ name: text(50), count: z.int().min(1).max(1_000).default(1) }),
      output: widget,
      successStatus: 201,
      errors: {
        TOO_MANY: { status: 409, title: 'Too many', data: z.object({ limit: z.int() }) },
        JAMMED: { status: 423, title: 'The machine is jammed' },
      },
    }),
    getWidget: operation({
      method: 'GET',
      path: '/widgets/{widgetId}',
      title: 'Get a widget',
      description: 'Reads one.',
      access: { scope: 'widgets:read', public: true },
      input: z.object({ widgetId: id('wid') }),
      output: widget,
      errors: { WIDGET_NOT_FOUND: { status: 404, title: 'No such widget' } },
    }),
    listWidgets: operation({
      method: 'GET',
      path: '/widgets',
      title: 'List widgets',
      description: 'Reads many.',
      access: { scope: 'widgets:read', public: true },
      input: z.object({
        ...pageQuery,
        shiny: z.boolean().optional(),
        colours: z
          .array(z.enum(['red', 'blue']))
          .max(3)
          .optional(),
      }),
      output: page(widget).extend({ asked: z.unknown() }),
    }),
    breakWidget: operation({
      method: 'POST',
      path: '/widgets/{widgetId}/break',
      title: 'Break a widget',
      description: 'Fails in a way that nobody expects.',
      access: { scope: 'widgets:write' },
      input: z.object({ widgetId: id('wid') }),
      output: z.object({}),
    }),
    importWidgets: operation({
      method: 'POST',
      path: '/widgets/import',
      title: 'Import widgets',
      description: 'Reads a stream.',
      access: { scope: 'widgets:write' },
      input: z.object({}),
      output: z.object({ bytes: z.int() }),
      stream: 'text/csv',
    }),
  },
  events: {
    'widget.made': event({
      title: 'Widget made',
      description: 'There is a new one.',
      aggregate: 'widget',
      payload: z.object({ name: z.string() }),
    }),
    'widget.broken': event({
      title: 'Widget broken',
      description: 'There is one less.',
      aggregate: 'widget',
      payload: z.object({}),
    }),
  },
});
