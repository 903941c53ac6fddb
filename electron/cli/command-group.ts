import { type Command, InvalidArgumentError, Option } from 'commander';
import { findRemote, type Remote } from './api-client.ts';

/** What commands of a group take that talk to the running app or service. */
export interface DataOption {
  data?: string;
}

/** What commands with a table take. */
export interface FormatOption {
  format: 'table' | 'json';
}

/** What such commands need: the engine, and where to write. */
export interface RemoteContext {
  remote: Remote;
  output: NodeJS.WriteStream;
}

/** Returns the option that names the data folder. */
export function dataOption(words = 'data folder (default: that of the desktop app)'): Option {
  return new Option('--data <DIR>', words).argParser(readFolder);
}

/** Refuses an empty word, as of a variable of a shell that is not set: it would name the current folder. */
function readFolder(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('DIR is the path of a folder.');
  return text;
}

/** Returns the option that chooses between a table and JSON. */
export function formatOption(): Option {
  return new Option('--format <FORMAT>', 'output format').choices(['table', 'json']).default('table');
}

/** Returns what adds a command to a group such as `notafter jobs`, with the data folder as its first option. */
export function subcommandsOf(group: Command): (name: string, description: string) => Command {
  return (name, description) =>
    group.command(name).description(description).addOption(dataOption()).exitOverride();
}

/** Returns what finds the running app or service for a command. */
export function contextFor(output: NodeJS.WriteStream): (options: DataOption) => RemoteContext {
  return ({ data }) => ({ remote: findRemote(data), output });
}
