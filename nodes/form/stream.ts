import type { INodeProperties } from 'n8n-workflow';

/** The form of an operation that takes a file: from a binary field of the item, or as text. Build time only. */
export const streamProperties = (mediaType: string): INodeProperties[] => {
  const kind = mediaType === 'text/csv' ? 'CSV' : 'File';
  return [
    {
      displayName: 'Input Type',
      name: 'inputType',
      type: 'options',
      options: [
        { name: 'Binary File', value: 'binary', description: 'A file of the item' },
        { name: 'Text', value: 'text', description: 'A text that you give here' },
      ],
      default: 'binary',
      description: `Where the ${kind} is`,
    },
    {
      displayName: 'Input Data Field Name',
      name: 'binaryPropertyName',
      type: 'string',
      required: true,
      default: 'data',
      description: `The binary field of the item that holds the ${kind}`,
      hint: 'The name of the input field containing the file',
      displayOptions: { show: { inputType: ['binary'] } },
    },
    {
      displayName: `${kind} Text`,
      name: 'text',
      type: 'string',
      typeOptions: { rows: 5 },
      required: true,
      default: '',
      description: `The ${kind} itself, its first line with the names of the columns`,
      displayOptions: { show: { inputType: ['text'] } },
    },
  ];
};
