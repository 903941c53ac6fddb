/**
 * Ports on which a search looks unless told otherwise, by kind. TLS comes first on them, or the STARTTLS protocol that `guessStarttls`
 * knows for the port.
 */
const portSets = {
  web: [443, 8443, 9443, 4443, 10443, 8006],
  mail: [25, 465, 587, 143, 993, 110, 995, 4190],
  infra: [636, 3269, 389, 990, 21, 5061, 6443, 10250, 2376, 2379, 853, 6697, 5222, 5986, 6514, 3389],
  databases: [5432, 3306, 8883, 5671],
} as const satisfies Record<string, readonly number[]>;

/** Every set together. */
export const usualPorts: readonly number[] = Object.values(portSets).flat();

/**
 * Whether a port is one of printers: raw printing (9100 to 9107), LPD (515), IPP (631). They print what they get; nmap leaves
 * them alone for that (`Exclude T:9100-9107` in nmap-service-probes), and so does a search.
 */
export function isPrinterPort(port: number): boolean {
  return (port >= 9100 && port <= 9107) || port === 515 || port === 631;
}

/** The most ports of one search. */
const maxPorts = 200;

/** Ports as they were understood, those of printers left out; or why not. */
export type PortsText = { ok: true; ports: number[]; printers: number[] } | { ok: false; message: string };

/** Reads ports as people write them: `443,8443`, `9090-9110`, and the names of sets, `web,5000-5010`. */
export function readPorts(text: string): PortsText {
  const all = new Set<number>();
  for (const part of text.split(',').map((one) => one.trim())) {
    const read = readPart(part);
    if (typeof read === 'string') return { ok: false, message: read };
    for (const port of read) all.add(port);
    if (all.size > maxPorts + 10) break; // Ten are of printers.
  }
  const printers = [...all].filter(isPrinterPort);
  const ports = [...all].filter((port) => !isPrinterPort(port));
  if (ports.length > maxPorts) return { ok: false, message: `A search has at most ${maxPorts} ports.` };
  if (ports.length === 0) return { ok: false, message: onlyPrinters(printers) };
  return { ok: true, ports, printers };
}

/** Returns the sentence for a search of nothing but printers' ports. */
export function onlyPrinters(printers: readonly number[]): string {
  const which = printers.length === 1 ? `Port ${printers[0]} is` : `Ports ${printers.join(', ')} are`;
  return `${which} for printers, which print what they receive. Name other ports.`;
}

const isSet = (name: string): name is keyof typeof portSets => Object.hasOwn(portSets, name);
const isPort = (port: number) => port >= 1 && port <= 65_535;

function readPart(part: string): readonly number[] | string {
  if (part === 'usual') return usualPorts;
  if (isSet(part)) return portSets[part];
  const [, first = '', last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(part) ?? [];
  const [from, to] = [Number(first), Number(last ?? first)];
  if (first === '' || !isPort(from) || !isPort(to)) {
    const sets = ['usual', ...Object.keys(portSets)].join(', ');
    return `“${part.slice(0, 40)}” is not a port: write numbers from 1 to 65535, ranges such as 9000-9010, or ${sets}.`;
  }
  if (to < from) return `The ports ${part} end before they begin: write the lower one first.`;
  if (to - from >= maxPorts + 10) return `A search has at most ${maxPorts} ports.`;
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
