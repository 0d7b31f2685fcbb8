/** Levels of the category tree, the top included. */
export const MOST_LEVELS = 10;
