/** Reads JSON that this program wrote itself, and whose shape migrations keep. */
export function readStored<Value>(text: string): Value {
  // SAFETY: the text comes from a column that is only ever written by JSON.stringify of this type.
  return JSON.parse(text) as Value;
}
