/** An option that takes a value, for `parseArgs`. Of several the last counts. */
export const textOption = (short?: string) => ({
  type: 'string' as const,
  multiple: true as const,
  ...(short ? { short } : {}),
});

/** An option without a value. */
export const flagOption = (short?: string) => ({ type: 'boolean' as const, ...(short ? { short } : {}) });
