export const noNotification = (id: string): string =>
  `There is no notification ${id}. List the notifications to find the right id.`;

export const noCustomer = (id: string): string =>
  `There is no customer ${id}. Check the id; the person’s data may have been erased.`;

export const noTemplate = (template: string, locale?: string): string =>
  `There is no template ${template}${locale === undefined ? '' : ` in ${locale}`}. Save it first, or choose one from the list of templates.`;
