/** Facts of a certificate that need no schema, so that the page can draw its list before schemas load. */

/** Common name, organisation and unit: what is escaped by a backslash ends none of them (RFC 4514 §2.4). */
const nameParts = [
  /(?:^|, )CN=((?:\\.|[^,\\])*)/,
  /(?:^|, )O=((?:\\.|[^,\\])*)/,
  /(?:^|, )OU=((?:\\.|[^,\\])*)/,
];

/** A certificate's shortest useful name: its common name, else organisation, else first SAN, else what there is. */
export function shortName(distinguishedName: string): string {
  const [name] = nameParts.flatMap((part) => part.exec(distinguishedName)?.[1] ?? []);
  return (name ?? distinguishedName).replace(/\\(.)/g, '$1');
}
