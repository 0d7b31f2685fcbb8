/** Who may call, beside everybody where an operation says so. */
export const read = { scope: 'catalog:read' };
export const write = { scope: 'catalog:write' };
