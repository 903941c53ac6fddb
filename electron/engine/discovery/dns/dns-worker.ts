import { parentPort, workerData } from 'node:worker_threads';
import { count } from '../../../../shared/text/words.ts';
import { EnoughNames, NameCollection } from '../names/collection.ts';
import type { NameText } from '../names/name-source.ts';
import { addRecordNames } from '../names/zone/record-names.ts';
import type { ServerAddress } from './dns-connection.ts';
import { DnsFault } from './dns-fault.ts';
import { lookUpDomain } from './lookups.ts';
import type { DnsTask, DnsTaskResult } from './read-dns.ts';
import { dataWords, kindOfType, typeOf } from './record-data.ts';
import { transferZone } from './transfer.ts';

// SAFETY: read-dns.ts alone starts this file, with a task. Its signal ends the thread, and its connections with it.
const task = workerData as DnsTask;
const { domain, kinds, title } = task;
const from: NameText = { file: title, text: '', depth: 0 };
const collection = new NameCollection(null, new AbortController().signal);

const take = (owner: string, type: string, data: readonly string[], line: number) =>
  addRecordNames({ owner, type, data, line, from }, collection, (name) => name);

/** Whether a name is the domain or below it: a zone has no others (RFC 5936 §3.1; glue is below). */
function isWithin(name: string): boolean {
  const plain = name.toLowerCase().replace(/\.$/, '');
  return plain === domain || plain.endsWith(`.${domain}`);
}

async function transfer(servers: readonly ServerAddress[]): Promise<void> {
  let foreign = 0;
  let line = 0;
  const onRecord: Parameters<typeof transferZone>[2] = (record) => {
    line += 1;
    const kind = kindOfType[typeOf(record)];
    if (kind === undefined || !kinds.includes(kind)) return;
    if (isWithin(record.name)) take(`${record.name}.`, typeOf(record), dataWords(record), line);
    else foreign += 1;
  };
  await transferZone(servers, domain, onRecord);
  if (foreign > 0)
    collection.note(`${count(foreign, 'record')} of names outside of the zone left out.`, from);
}

async function lookUp(): Promise<number> {
  const { records, failures, notes } = await lookUpDomain(domain, kinds, task.systemServers);
  for (const [index, { owner, type, data }] of records.entries()) take(owner, type, data, index + 1);
  for (const note of notes) collection.note(note, from);
  if (records.length === 0 && failures === 0) collection.note('There are no such records.', from);
  if (failures > 0) collection.note(`The name server did not answer ${failures} of the look-ups.`, from);
  return failures;
}

async function read(): Promise<DnsTaskResult> {
  let failures = 0;
  try {
    if (task.servers) await transfer(task.servers);
    else failures = await lookUp();
  } catch (error) {
    if (error instanceof DnsFault) return { fault: error.message };
    if (!(error instanceof EnoughNames)) throw error;
  }
  return { ...collection.conclude(), isWhole: failures === 0 };
}

parentPort?.postMessage(await read());
