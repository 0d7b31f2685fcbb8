/** An object with a field for each value, whose names the platform tells once it is known what they are for. */
import type { Mapped } from '../face.ts';
import type { Base, Edition, Made } from './made.ts';
import { json } from './simple.ts';

export const mapped = (base: Base, { method, within, words }: Mapped, edition: Edition): Made => {
  const beside = `${base.name}Json`;
  const shape = { as: 'mapped', json: beside } as const;
  if (edition === 1) return { shape, properties: json(base, {}, {}).properties };
  return {
    shape,
    properties: [
      {
        ...base,
        type: 'resourceMapper',
        noDataExpression: true,
        default: { mappingMode: 'defineBelow', value: null },
        typeOptions: {
          loadOptionsDependsOn: [`${within}.value`],
          resourceMapper: {
            resourceMapperMethod: method,
            mode: 'add',
            fieldWords: words,
            addAllFields: true,
            multiKeyMatch: false,
            supportAutoMap: false,
          },
        },
      },
      { ...base, name: beside, type: 'json', default: '{}' },
    ],
  };
};
