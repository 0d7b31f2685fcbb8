/** How one named thing of an administrative request ended: the message says which value was wrong and what to do. */
export type TopicResult = { readonly name: string; readonly errorCode: number; readonly errorMessage: string | null };
