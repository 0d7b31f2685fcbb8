/** Who may call, beside customers and guests where an operation says so. */
export const read = { scope: 'orders:read' };
export const write = { scope: 'orders:write' };
