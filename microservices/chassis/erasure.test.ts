import { withErasure, type Eraser } from './erasure.ts';
import { widgetsContract } from './testing/widgets.ts';

const job = (name: string) => ({ name, everyMs: 1_000, run: async () => false });
const erasure: Eraser = { reactions: [], jobs: [job('acknowledge-erasures')] };
const keepsPersons = { ...widgetsContract, personalData: true };

test('a service whose contract says personalData needs an eraser', () => {
  expect(() => withErasure(keepsPersons, {})).toThrow('says personalData, but the service has no eraser');
});

test('a service with an eraser says personalData in its contract, so that customers wait for it', () => {
  expect(() => withErasure(widgetsContract, { erasure })).toThrow('its contract does not say personalData');
});

test('the reactions and jobs of the eraser are added to those of the service', () => {
  expect(withErasure(keepsPersons, { erasure, jobs: [job('polish')] }).jobs?.map(({ name }) => name)).toEqual([
    'polish',
    'acknowledge-erasures',
  ]);
  expect(withErasure(widgetsContract, { jobs: [job('polish')] }).jobs).toHaveLength(1);
});
