/** Events are nobody else's to read: folders and files are their owner's alone. */
export const privateFolder = 0o700;
export const privateFile = 0o600;
