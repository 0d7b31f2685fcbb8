import { z } from 'zod';
import { openApiFaults } from '../../testing/documents.ts';
import { defineContract, id, operation, page, pageQuery, text, type Operation } from '../index.ts';
import { openApiOf } from './open-api.ts';

const box = z.object({ id: id('box'), label: text(20) });
const item = z.object({ id: id('itm'), boxId: id('box') });
const common = { title: 'Test', description: 'Test.', access: { scope: 'boxes:write' } };
const at = (path: `/${string}`, input: z.ZodType, output: z.ZodType): Operation =>
  operation({ ...common, method: 'POST', path, input, output });

const boxId = id('box');
const contract = defineContract({
  domain: 'boxes',
  title: 'Boxes',
  description: 'Boxes with items.',
  version: 1,
  operations: {
    listBoxes: operation({ ...common, method: 'GET', path: '/boxes', input: z.object(pageQuery), output: page(box) }),
    createBox: { ...at('/boxes', z.object({ label: text(20) }), box), successStatus: 201 },
    getBox: operation({ ...common, method: 'GET', path: '/boxes/{boxId}', input: z.object({ boxId }), output: box }),
    addItem: at('/boxes/{boxId}/items', z.object({ boxId }), z.object({ item })),
    takeItem: at('/boxes/{boxId}/items/{itemId}/take', z.object({ boxId, itemId: id('itm') }), item),
    markItem: at('/marks', z.object({ itemId: id('itm'), boxId: boxId.optional() }), z.object({})),
    swapBoxes: at('/swaps', z.object({ one: boxId, other: boxId }), z.object({})),
  },
  events: {},
});

test('links lead from what makes a thing to what needs its id, and nowhere else', async () => {
  const document = await openApiOf([contract], { title: 'Test', version: '1' });
  expect(await openApiFaults(document)).toEqual([]);
  const links = Object.values(document.paths ?? {}).flatMap((path) =>
    [path?.get, path?.post].flatMap((written) =>
      Object.values(written?.responses ?? {}).flatMap((response) =>
        'links' in response
          ? Object.entries(response.links ?? {}).map(([name, link]) => [written?.operationId, name, link])
          : [],
      ),
    ),
  );
  const linkTo = (operationId: string, rest: object) => ({ operationId, description: 'Test', ...rest });
  const newBox = { parameters: { boxId: '$response.body#/id' } };
  const newItem = { boxId: '$response.body#/item/boxId', itemId: '$response.body#/item/id' };
  expect(links).toEqual([
    ['boxes.createBox', 'boxes.getBox', linkTo('boxes.getBox', newBox)],
    ['boxes.createBox', 'boxes.addItem', linkTo('boxes.addItem', newBox)],
    ['boxes.createBox', 'boxes.swapBoxes', linkTo('boxes.swapBoxes', { requestBody: { one: '$response.body#/id' } })],
    ['boxes.addItem', 'boxes.takeItem', linkTo('boxes.takeItem', { parameters: newItem })],
    ['boxes.addItem', 'boxes.markItem', linkTo('boxes.markItem', { requestBody: { itemId: newItem.itemId } })],
  ]);
});
