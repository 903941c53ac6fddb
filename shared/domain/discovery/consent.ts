/** Begins the reason why a saved search of public addresses does not run: the page offers consent by it. */
export const consentNeeded = 'Scanning public addresses needs a person’s confirmation';
