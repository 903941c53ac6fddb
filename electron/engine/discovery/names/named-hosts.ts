import type { NamedHost } from '../search-text.ts';
import type { NamesRead } from './name-source.ts';

/** Returns the hosts of a file as a search takes them. Patterns name nothing that can be connected to. */
export function namedHosts({ names }: NamesRead): NamedHost[] {
  return names
    .filter(({ name }) => !name.startsWith('*.'))
    .map(({ name, port, protocol, address }) => {
      const starttls = protocol === null ? {} : { starttls: protocol === 'tls' ? null : protocol };
      return { host: name, port, address, ...starttls };
    });
}
