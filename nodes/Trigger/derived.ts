// Computed from the contracts when the package is built, and put into the nodes as plain data (infra/n8n-package).
import { eventTypes } from './event-types.ts';

const titleCase = (title: string): string => title.replace(/\b[a-z](?=[a-z]{2})/g, (letter) => letter.toUpperCase());

/** n8n's way: one sentence without a full stop, several with; "ID" in capitals. */
const described = (description: string): string => {
  const text = description.replace(/\bid\b/g, 'ID');
  return text.includes('. ') ? text : text.replace(/\.$/, '');
};

/** The options of Event Types. */
export const eventTypeOptions = eventTypes.map(({ type, title, description }) => ({
  name: `${titleCase(title)} (${type})`,
  value: type,
  description: described(description),
}));
