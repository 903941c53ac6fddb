/** The most items that the API returns of a list at once. */
export const maxPageItems = 10_000;
/** The most finds that one request to the API changes. */
export const maxFindsAtOnce = 5_000;
