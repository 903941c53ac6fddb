import { type Network, systemNetwork } from '../../electron/engine/monitor/network.ts';

/**
 * This machine's network with a plug that a test can pull. Hosts on loopback count as other machines; while it is cut
 * none of them answers.
 */
export class CutNetwork implements Network {
  isCut = false;
  hasInterfaces = true;
  readonly #system = systemNetwork();

  hasInterface = () => this.hasInterfaces;
  isLocal: Network['isLocal'] = () => false;
  answers: Network['answers'] = async (place) => !this.isCut && (await this.#system.answers(place));
}
